use thiserror::Error;

use crate::{COMMON_VARIABLES, MailKind, Template};

/// What keeps words from being used as a template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateFault {
    /// A tag has no end.
    #[error("a tag that begins with `{0}` has no end")]
    Unclosed(&'static str),
    /// A tag that templates do not have: they fill in and choose, and do nothing else, so that no words can hold up or
    /// exhaust the server.
    #[error(
        "`{0}` is none of: {{{{ name }}}}, {{% if name %}}, {{% if name == \"text\" %}}, {{% elif %}}, {{% else %}}, {{% endif %}}"
    )]
    UnknownTag(String),
    /// `else` or `endif` without `if`, or `if` without `endif`.
    #[error("`if` and `endif` do not match")]
    Unbalanced,
    /// Mail of this kind knows nothing of that name (S000-50).
    #[error("mail of this kind has no variable `{0}`")]
    UnknownVariable(String),
}

impl Template {
    /// What is wrong with the words for mail of this kind, by the part that it is in: `subject` or `text`.
    pub fn faults(&self, kind: MailKind) -> Vec<(&'static str, TemplateFault)> {
        [("subject", &self.subject), ("text", &self.text)]
            .into_iter()
            .filter_map(|(part, source)| Some((part, check(source, kind).err()?)))
            .collect()
    }
}

fn check(source: &str, kind: MailKind) -> Result<(), TemplateFault> {
    let (mut rest, mut depth) = (source, 0_usize);
    while let Some(open) = ["{{", "{%", "{#"].into_iter().filter_map(|mark| rest.find(mark)).min() {
        let (mark, after) = rest.split_at(open).1.split_at(2);
        let (mark, close) = match mark {
            "{{" => ("{{", "}}"),
            "{%" => ("{%", "%}"),
            _ => return Err(TemplateFault::UnknownTag("{#".to_owned())),
        };
        let (inner, following) = after.split_once(close).ok_or(TemplateFault::Unclosed(mark))?;
        let unknown = || TemplateFault::UnknownTag(format!("{mark}{inner}{close}"));
        if mark == "{{" {
            known(variable(inner.trim()).ok_or_else(unknown)?, kind)?;
        } else {
            depth = choice(inner.trim(), depth, kind)?.ok_or_else(unknown)?;
        }
        rest = following;
    }
    if depth == 0 { Ok(()) } else { Err(TemplateFault::Unbalanced) }
}

/// How deep in choices one is after this tag; `None` if it is no choice.
fn choice(inner: &str, depth: usize, kind: MailKind) -> Result<Option<usize>, TemplateFault> {
    let (word, condition) = inner.split_once(' ').unwrap_or((inner, ""));
    match word {
        "if" | "elif" => {
            let Some(name) = condition_on(condition.trim()) else { return Ok(None) };
            known(name, kind)?;
        }
        "else" | "endif" if condition.is_empty() => {}
        _ => return Ok(None),
    }
    match word {
        "if" => Ok(Some(depth + 1)),
        "endif" => depth.checked_sub(1).map(Some).ok_or(TemplateFault::Unbalanced),
        _ if depth > 0 => Ok(Some(depth)),
        _ => Err(TemplateFault::Unbalanced),
    }
}

/// The variable that `name`, `name == "text"` or `name != "text"` looks at.
fn condition_on(text: &str) -> Option<&str> {
    let Some((name, literal)) = text.split_once("==").or_else(|| text.split_once("!=")) else {
        return variable(text);
    };
    let literal = literal.trim().strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = !literal.contains(['"', '\\']);
    if is_plain { variable(name.trim()) } else { None }
}

fn variable(text: &str) -> Option<&str> {
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_name.then_some(text)
}

fn known(name: &str, kind: MailKind) -> Result<(), TemplateFault> {
    if COMMON_VARIABLES.contains(&name) || kind.variables().contains(&name) {
        Ok(())
    } else {
        Err(TemplateFault::UnknownVariable(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<TemplateFault> {
        check(text, MailKind::StatusChanged).err()
    }

    #[test]
    fn templates_fill_in_and_choose() {
        for good in [
            "",
            "} %} }} plain { braces",
            "{{ ticket_number }}{{status}}",
            "{% if contact_address %}a{% else %}b{% endif %}",
            "{% if status == \"open\" %}a{% elif status != \"closed\" %}{% if link %}b{% endif %}{% endif %}",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn templates_do_nothing_else() {
        for bad in [
            "{{ \"x\" * 100000000 }}",
            "{{ link | replace(\"#\", \"?\") }}",
            "{{ link.x }}",
            "{{ link ~ link }}",
            "{{ 1 }}",
            "{{}}",
            "{% for a in link %}{% endfor %}",
            "{% set a = link %}",
            "{% include \"x\" %}",
            "{% if link | length %}{% endif %}",
            "{% if status == link %}{% endif %}",
            "{% if status == \"a\" ~ \"b\" %}{% endif %}",
            "{%- if link %}{% endif %}",
            "{# x #}",
        ] {
            assert!(matches!(fault(bad), Some(TemplateFault::UnknownTag(_))), "{bad}: {:?}", fault(bad));
        }
        assert_eq!(fault("{{ link"), Some(TemplateFault::Unclosed("{{")));
        assert_eq!(fault("{% if link"), Some(TemplateFault::Unclosed("{%")));
    }

    #[test]
    fn choices_begin_and_end() {
        for bad in ["{% if link %}", "{% endif %}", "{% else %}", "{% if link %}{% endif %}{% endif %}"] {
            assert_eq!(fault(bad), Some(TemplateFault::Unbalanced), "{bad}");
        }
    }

    #[test]
    fn s000_50_only_what_the_kind_tells_can_be_filled_in() {
        let unknown = Some(TemplateFault::UnknownVariable("password_hash".to_owned()));
        assert_eq!(fault("{{ password_hash }}"), unknown);
        assert_eq!(fault("{% if password_hash %}{% endif %}"), unknown);
    }
}

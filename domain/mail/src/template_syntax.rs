use thiserror::Error;

use crate::{MailKind, Template};

/// Why a text is not a valid template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateFault {
    /// A tag has no end.
    #[error("a tag that begins with `{0}` has no end")]
    Unclosed(&'static str),
    /// An unknown tag. Templates only fill in variables and choose between texts, so that none can block or
    /// exhaust the server.
    #[error(
        "`{0}` is none of: {{{{ name }}}}, {{% if name %}}, {{% if name == \"text\" %}}, {{% elif %}}, {{% else %}}, {{% endif %}}"
    )]
    UnknownTag(String),
    /// `else` or `endif` without `if`, `if` without `endif`, another tag after `else`, or more than 20 nested
    /// `if`.
    #[error("`if`, `else` and `endif` do not match, or are nested too deep")]
    Unbalanced,
    /// This kind of mail has no such variable, or must not contain it (S000-50).
    #[error("mail of this kind has no variable `{0}`")]
    UnknownVariable(String),
}

impl Template {
    /// The faults of a template for mail of this kind, by part: `subject` or `text`.
    pub fn faults(&self, kind: MailKind) -> Vec<(&'static str, TemplateFault)> {
        [("subject", &self.subject), ("text", &self.text)]
            .into_iter()
            .filter_map(|(part, source)| Some((part, check(source, kind).err()?)))
            .collect()
    }
}

/// Maximum depth of nested `if`.
const DEPTH: usize = 20;

fn check(source: &str, kind: MailKind) -> Result<(), TemplateFault> {
    // The open `if` tags; whether each had its `else`.
    let mut open_choices = Vec::new();
    let mut rest = source;
    while let Some(open) = ["{{", "{%", "{#"].into_iter().filter_map(|mark| rest.find(mark)).min() {
        let (mark, after) = rest.split_at(open).1.split_at(2);
        let (mark, close) = match mark {
            "{{" => ("{{", "}}"),
            "{%" => ("{%", "%}"),
            _ => return Err(TemplateFault::UnknownTag("{#".to_owned())),
        };
        let (inner, following) = after.split_once(close).ok_or(TemplateFault::Unclosed(mark))?;
        let unknown = || TemplateFault::UnknownTag(format!("{mark}{inner}{close}"));
        // The text is split into paragraphs, and a tag over several lines with it.
        if inner.contains('\n') {
            return Err(unknown());
        }
        if mark == "{{" {
            require_usable(variable(inner.trim()).ok_or_else(unknown)?, kind)?;
        } else {
            choose(&mut open_choices, choice(inner.trim(), kind)?.ok_or_else(unknown)?)?;
        }
        rest = following;
    }
    if open_choices.is_empty() { Ok(()) } else { Err(TemplateFault::Unbalanced) }
}

/// A tag of an `if`.
enum Choice {
    If,
    Elif,
    Else,
    End,
}

/// Parses a tag of an `if`; `None` if it is another one.
fn choice(inner: &str, kind: MailKind) -> Result<Option<Choice>, TemplateFault> {
    let (word, condition) = inner.split_once(' ').unwrap_or((inner, ""));
    let choice = match word {
        "if" => Choice::If,
        "elif" => Choice::Elif,
        "else" if condition.is_empty() => Choice::Else,
        "endif" if condition.is_empty() => Choice::End,
        _ => return Ok(None),
    };
    if matches!(choice, Choice::If | Choice::Elif) {
        let Some(name) = condition_on(condition.trim()) else { return Ok(None) };
        require_usable(name, kind)?;
    }
    Ok(Some(choice))
}

/// Requires that an `if` may begin, continue or end here. Only `endif` may follow `else`.
fn choose(open: &mut Vec<bool>, choice: Choice) -> Result<(), TemplateFault> {
    let depth = open.len();
    match (choice, open.last_mut()) {
        (Choice::Elif, Some(false)) => {}
        (Choice::Else, Some(had_else @ false)) => *had_else = true,
        (Choice::End, Some(_)) => drop(open.pop()),
        (Choice::If, _) if depth < DEPTH => open.push(false),
        _ => return Err(TemplateFault::Unbalanced),
    }
    Ok(())
}

/// The variable in `name`, `name == "text"` or `name != "text"`.
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

fn require_usable(name: &str, kind: MailKind) -> Result<(), TemplateFault> {
    if kind.usable_variables().any(|usable| usable == name) {
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
    fn other_tags_are_refused() {
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
            "{{ link\n\n}}",
            "{% if\nlink %}{% endif %}",
        ] {
            assert!(matches!(fault(bad), Some(TemplateFault::UnknownTag(_))), "{bad}: {:?}", fault(bad));
        }
        assert_eq!(fault("{{ link"), Some(TemplateFault::Unclosed("{{")));
        assert_eq!(fault("{% if link"), Some(TemplateFault::Unclosed("{%")));
    }

    #[test]
    fn if_tags_have_to_match() {
        let deep = |depth| "{% if link %}".repeat(depth) + &"{% endif %}".repeat(depth);
        assert_eq!(fault(&deep(DEPTH)), None);
        for bad in [
            "{% if link %}",
            "{% endif %}",
            "{% else %}",
            "{% elif link %}",
            "{% if link %}{% endif %}{% endif %}",
            "{% if link %}a{% else %}b{% else %}c{% endif %}",
            "{% if link %}a{% else %}b{% elif status %}c{% endif %}",
            &deep(DEPTH + 1),
        ] {
            assert_eq!(fault(bad), Some(TemplateFault::Unbalanced), "{bad}");
        }
    }

    #[test]
    fn s000_50_only_variables_of_the_kind_can_be_filled_in() {
        let unknown = Some(TemplateFault::UnknownVariable("password_hash".to_owned()));
        assert_eq!(fault("{{ password_hash }}"), unknown);
        assert_eq!(fault("{% if password_hash %}{% endif %}"), unknown);
    }
}

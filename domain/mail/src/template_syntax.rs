use thiserror::Error;

use crate::{MailKind, Template};

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
    /// `else` or `endif` without `if`, `if` without `endif`, something else after `else`, or more than 20 within each other.
    #[error("`if`, `else` and `endif` do not match, or stand within each other too deep")]
    Unbalanced,
    /// Mail of this kind knows nothing of that name, or must not tell it (S000-50).
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

/// How deep choices may stand within each other.
const DEPTH: usize = 20;

fn check(source: &str, kind: MailKind) -> Result<(), TemplateFault> {
    // The choices that one is in; each has had its `else`, or not.
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
        // Words are cut into paragraphs, and a tag with them.
        if inner.contains('\n') {
            return Err(unknown());
        }
        if mark == "{{" {
            known(variable(inner.trim()).ok_or_else(unknown)?, kind)?;
        } else {
            choose(&mut open_choices, choice(inner.trim(), kind)?.ok_or_else(unknown)?)?;
        }
        rest = following;
    }
    if open_choices.is_empty() { Ok(()) } else { Err(TemplateFault::Unbalanced) }
}

/// A tag of a choice.
enum Choice {
    If,
    Elif,
    Else,
    End,
}

/// The tag of a choice that this is; `None` if it is none.
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
        known(name, kind)?;
    }
    Ok(Some(choice))
}

/// Goes on if a choice may begin, go on or end like this. Nothing but its end comes after `else`.
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
            "{{ link\n\n}}",
            "{% if\nlink %}{% endif %}",
        ] {
            assert!(matches!(fault(bad), Some(TemplateFault::UnknownTag(_))), "{bad}: {:?}", fault(bad));
        }
        assert_eq!(fault("{{ link"), Some(TemplateFault::Unclosed("{{")));
        assert_eq!(fault("{% if link"), Some(TemplateFault::Unclosed("{%")));
    }

    #[test]
    fn choices_begin_and_end() {
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
    fn s000_50_only_what_the_kind_tells_can_be_filled_in() {
        let unknown = Some(TemplateFault::UnknownVariable("password_hash".to_owned()));
        assert_eq!(fault("{{ password_hash }}"), unknown);
        assert_eq!(fault("{% if password_hash %}{% endif %}"), unknown);
    }
}

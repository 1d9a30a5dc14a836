use thiserror::Error;
use words::{Form, FormRefused};

/// The name of a person: 1 to 120 characters on one line, without control and direction characters. It
/// contains neither a link nor an address, because mail greets by it. The rule is [`Form::PersonName`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

/// Why the name of a person is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidPersonName {
    /// It is blank or too long.
    #[error("a person's name has 1 to {} characters and is not blank", PersonName::MAX_CHARS)]
    Length,
    /// It does not have the form of a person's name.
    #[error("a person's name is one line without link or address: {0}")]
    Form(FormRefused),
}

impl PersonName {
    /// Maximum length, in characters.
    pub const MAX_CHARS: usize = 120;

    /// Takes a name as typed, without the white space around it.
    pub fn parse(text: &str) -> Result<Self, InvalidPersonName> {
        let name = Self::stored(text)?;
        Form::PersonName.judge(text).map_err(InvalidPersonName::Form)?;
        Ok(name)
    }

    /// Takes a stored name, which may be older than the current rule: forbidden characters are removed.
    pub fn stored(text: &str) -> Result<Self, InvalidPersonName> {
        let name = words::cleaned(text);
        if (1..=Self::MAX_CHARS).contains(&name.chars().count()) {
            Ok(Self(name))
        } else {
            Err(InvalidPersonName::Length)
        }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_contains_no_paragraph_link_or_address() {
        for bad in [
            "Sam\n\nYour account is locked",
            "\u{202e}maS",
            "see https://x.example",
            "www.x.example",
            "a@b.example",
        ] {
            assert!(matches!(PersonName::parse(bad), Err(InvalidPersonName::Form(_))), "{bad:?}");
        }
        assert_eq!(PersonName::parse("  Sam Field \r\n").unwrap().as_str(), "Sam Field");
        assert_eq!(PersonName::parse(" \u{2060} "), Err(InvalidPersonName::Length));
        assert_eq!(PersonName::parse(&"x".repeat(121)), Err(InvalidPersonName::Length));
    }

    #[test]
    fn a_name_from_before_can_still_be_read() {
        assert_eq!(PersonName::stored("Sam\r\nField@home").unwrap().as_str(), "Sam  Field@home");
    }
}

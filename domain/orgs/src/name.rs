use thiserror::Error;
use words::{Form, FormRefused};

/// The name of an organization, location, category or role: 1 to 120 characters on one line, without control
/// and direction characters, and without a link. The rule is [`Form::Name`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// Why a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidName {
    /// It is blank or too long.
    #[error("a name has 1 to {} characters and is not blank", Name::MAX_CHARS)]
    Length,
    /// It does not have the form of a name.
    #[error("a name is one line without a link: {0}")]
    Form(FormRefused),
}

impl Name {
    /// Maximum length, in characters.
    pub const MAX_CHARS: usize = 120;

    /// Takes a name as typed, without the white space around it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let name = Self::stored(text)?;
        Form::Name.judge(text).map_err(InvalidName::Form)?;
        Ok(name)
    }

    /// Takes a stored name, which may be older than the current rule: forbidden characters are removed.
    pub fn stored(text: &str) -> Result<Self, InvalidName> {
        let name = words::cleaned(text);
        if (1..=Self::MAX_CHARS).contains(&name.chars().count()) {
            Ok(Self(name))
        } else {
            Err(InvalidName::Length)
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
    fn a_name_is_one_line_without_a_link() {
        for bad in ["Sunrise\nTherapy", "\u{2066}Sunrise", "https://evil.example"] {
            assert!(matches!(Name::parse(bad), Err(InvalidName::Form(_))), "{bad:?}");
        }
        assert_eq!(Name::parse("\n Care @ Home \n").unwrap().as_str(), "Care @ Home");
        assert_eq!(Name::stored("Sunrise\nTherapy").unwrap().as_str(), "Sunrise Therapy");
    }
}

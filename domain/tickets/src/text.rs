use thiserror::Error;
use words::{Form, FormRefused};

/// A text that a person wrote: up to `MAX` characters, not blank, no U+0000.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const MAX: usize>(String);

/// The request itself.
pub type Details = Text<20_000>;
/// A reply or note.
pub type Body = Text<20_000>;
/// The outcome of a request, in short (S000-32).
pub type Summary = Text<2_000>;
/// The reason for which a request is closed.
pub type Reason = Text<2_000>;

/// The subject of a request: one line of up to 200 characters, without control and direction characters. The
/// rule is [`Form::Line`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(Text<{ Subject::MAX_CHARS }>);

/// The text is blank, too long, or contains U+0000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is blank, too long, or contains U+0000")]
pub struct InvalidText;

/// Why a subject is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidSubject {
    /// It is blank, too long, or holds U+0000.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// It has several lines, or control or direction characters.
    #[error("a subject is one line: {0}")]
    Form(FormRefused),
}

impl<const MAX: usize> Text<MAX> {
    /// Maximum length, in characters.
    pub const MAX_CHARS: usize = MAX;

    /// Takes a text exactly as written.
    pub fn parse(text: &str) -> Result<Self, InvalidText> {
        if text.trim().is_empty() || text.contains('\0') || text.chars().count() > MAX {
            return Err(InvalidText);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Subject {
    /// Maximum length, in characters.
    pub const MAX_CHARS: usize = 200;

    /// Takes a subject as typed or pasted, without the white space and line ends around it.
    pub fn parse(text: &str) -> Result<Self, InvalidSubject> {
        let subject = Text::parse(Form::Line.trimmed(text))?;
        Form::Line.judge(text).map_err(InvalidSubject::Form)?;
        Ok(Self(subject))
    }

    /// Takes a stored subject, which may be older than the current rule: forbidden characters are removed.
    pub fn stored(text: &str) -> Result<Self, InvalidSubject> {
        match Self::parse(text) {
            Err(InvalidSubject::Form(_)) => Ok(Self(Text::parse(&words::cleaned(text))?)),
            other => other,
        }
    }

    /// The subject itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_of_visible_characters() {
        for bad in ["Door\nBcc: all", "\u{202e}rooD", "Door\u{7}"] {
            assert!(matches!(Subject::parse(bad), Err(InvalidSubject::Form(_))), "{bad:?}");
        }
        assert_eq!(Subject::parse(" "), Err(InvalidSubject::Text(InvalidText)));
        assert_eq!(
            Subject::parse(" The door: https://x.example \r\n").unwrap().as_str(),
            "The door: https://x.example"
        );
        assert!(Subject::parse(&format!("{}\n", "x".repeat(Subject::MAX_CHARS))).is_ok());
        assert_eq!(Subject::stored("Door\nopen\u{202e}").unwrap().as_str(), "Door open");
    }
}

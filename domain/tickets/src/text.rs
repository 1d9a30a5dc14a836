use thiserror::Error;

/// Text of at most `MAX` characters that somebody wrote: not blank, no U+0000.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<const MAX: usize>(String);

/// One line telling what a request is about.
pub type Subject = Text<200>;
/// The request itself.
pub type Details = Text<20_000>;
/// A reply or note.
pub type Body = Text<20_000>;
/// What came of a request, in short (S000-32).
pub type Summary = Text<2_000>;
/// Why a request was closed.
pub type Reason = Text<2_000>;

/// The text is blank, too long, or holds U+0000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is blank, too long, or holds U+0000")]
pub struct InvalidText;

impl<const MAX: usize> Text<MAX> {
    /// The greatest length, in characters.
    pub const MAX_CHARS: usize = MAX;

    /// Takes the text as written.
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

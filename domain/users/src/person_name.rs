use thiserror::Error;

/// What a person is called: 1 to 120 characters, not blank, no U+0000, and no link: mail greets people by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

/// The text is blank, too long, holds U+0000 or a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a person's name has 1 to {} characters, is not blank, and holds no link", PersonName::MAX_CHARS)]
pub struct InvalidPersonName;

impl PersonName {
    /// The greatest length, in characters.
    pub const MAX_CHARS: usize = 120;

    /// Takes a name as somebody typed it; white space around it is dropped.
    pub fn parse(text: &str) -> Result<Self, InvalidPersonName> {
        let trimmed = text.trim();
        let fits = (1..=Self::MAX_CHARS).contains(&trimmed.chars().count());
        let is_link = ["://", "www."].iter().any(|mark| trimmed.to_lowercase().contains(mark));
        if fits && !is_link && !trimmed.contains('\0') {
            Ok(Self(trimmed.to_owned()))
        } else {
            Err(InvalidPersonName)
        }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

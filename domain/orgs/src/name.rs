use thiserror::Error;

/// The name of an organization, location, category or role: 1 to 120 characters, not blank, no U+0000.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// The text is blank, too long, or holds U+0000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a name has 1 to {} characters and is not blank", Name::MAX_CHARS)]
pub struct InvalidName;

impl Name {
    /// The greatest length, in characters.
    pub const MAX_CHARS: usize = 120;

    /// Takes a name as somebody typed it; white space around it is dropped.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let name = text.trim();
        if name.is_empty() || name.contains('\0') || name.chars().count() > Self::MAX_CHARS {
            return Err(InvalidName);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

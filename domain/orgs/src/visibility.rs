//! Who sees an event or a message.

/// The audience of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everyone who may see its subject.
    Public,
    /// Staff only.
    Staff,
}

impl Visibility {
    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Staff => "staff",
        }
    }
}

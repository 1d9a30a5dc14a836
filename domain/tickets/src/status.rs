/// State of a request. There are exactly four (R4); `waiting_on` is separate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Filed, and not answered yet. A ticket never returns to it.
    Open,
    /// Somebody works on it.
    InProgress,
    /// Staff consider it done; a reply of the requester reopens it.
    Resolved,
    /// Closed permanently; only a follow-up continues it.
    Closed,
}

impl Status {
    /// All values, in the order of a request's life.
    pub const ALL: [Self; 4] = [Self::Open, Self::InProgress, Self::Resolved, Self::Closed];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    /// The display name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::InProgress => "In progress",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// The statuses that may follow. `forcing`: with the permission to close unresolved tickets.
    pub fn next(self, forcing: bool) -> &'static [Self] {
        match (self, forcing) {
            (Self::Open, false) => &[Self::InProgress, Self::Resolved],
            (Self::Open, true) => &[Self::InProgress, Self::Resolved, Self::Closed],
            (Self::InProgress, false) => &[Self::Resolved],
            (Self::InProgress, true) => &[Self::Resolved, Self::Closed],
            (Self::Resolved, _) => &[Self::InProgress, Self::Closed],
            (Self::Closed, _) => &[],
        }
    }

    /// Whether the request is not yet resolved or closed.
    pub fn is_unresolved(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

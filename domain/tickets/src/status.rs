/// Where a request stands. There are exactly four (R4); what it waits for is told beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Filed, and nobody has answered yet. Never entered again once left.
    Open,
    /// Somebody works on it.
    InProgress,
    /// Staff consider it done; a reply of the requester brings it back.
    Resolved,
    /// Over for good; only a follow-up continues it.
    Closed,
}

impl Status {
    /// All four, in the order of a request's life.
    pub const ALL: [Self; 4] = [Self::Open, Self::InProgress, Self::Resolved, Self::Closed];

    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::InProgress => "In progress",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
        }
    }

    /// The status that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// The statuses that may follow. `forcing`: with the permission to close what is not resolved.
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

    /// Whether the request still wants something done.
    pub fn is_unresolved(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

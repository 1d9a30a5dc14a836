/// How soon a request needs an answer. The requester's `urgency` and the staff's `priority` use the same four
/// values (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A feature request or general question.
    Low,
    /// A standard request or a minor fault.
    Normal,
    /// A major function is broken, or many people are affected.
    High,
    /// The platform is down, or security or data are at stake.
    Critical,
}

impl Priority {
    /// All values, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Normal, Self::Low];

    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }

    /// The display name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::High => "High",
            Self::Normal => "Normal",
            Self::Low => "Low",
        }
    }

    /// When to choose it (S000-26).
    pub fn definition(self) -> &'static str {
        match self {
            Self::Critical => "The platform is down, security is at risk, or data is lost.",
            Self::High => "A major function is broken, or many people are affected.",
            Self::Normal => "A standard request, or a minor fault.",
            Self::Low => "A feature request or a general question.",
        }
    }

    /// The position in ascending order, as stored: 1 is low, 4 is critical.
    pub fn rank(self) -> i16 {
        match self {
            Self::Low => 1,
            Self::Normal => 2,
            Self::High => 3,
            Self::Critical => 4,
        }
    }

    /// Parses a rank; `None` unless it is 1 to 4.
    pub fn from_rank(rank: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.rank() == rank)
    }
}

use chrono::{DateTime, Utc};
use thiserror::Error;
use users::UserId;

/// The approval that a request needs if its requester can't open requests directly (S002-22). Independent of
/// the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Pending a representative's decision; until then nobody works on the ticket.
    Waiting,
    /// Approved: staff can work on it.
    Approved(Decided),
    /// Denied, and thereby closed.
    Denied(Decided),
}

/// The ticket is pending approval, and nobody works on it until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the ticket is pending approval by a representative")]
pub struct ApprovalPending;

/// A representative's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The representative.
    pub by: UserId,
    /// Time of the decision.
    pub at: DateTime<Utc>,
}

impl Approval {
    /// All results of [`Approval::as_str`].
    pub const WORDS: [&'static str; 3] = ["waiting", "approved", "denied"];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved(_) => "approved",
            Self::Denied(_) => "denied",
        }
    }

    /// Parses an identifier and its decision; `None` if it is unknown, or one is there without the other.
    pub fn parse(word: &str, decided: Option<Decided>) -> Option<Self> {
        match (word, decided) {
            ("waiting", None) => Some(Self::Waiting),
            ("approved", Some(decided)) => Some(Self::Approved(decided)),
            ("denied", Some(decided)) => Some(Self::Denied(decided)),
            _ => None,
        }
    }

    /// The decision, if there is one.
    pub fn decided(self) -> Option<Decided> {
        match self {
            Self::Waiting => None,
            Self::Approved(decided) | Self::Denied(decided) => Some(decided),
        }
    }
}

use chrono::{DateTime, Utc};

use crate::{Decision, Invitation};

/// State of an invitation (S001-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStatus {
    /// It can be accepted, now or once its validity begins.
    Pending,
    /// Its inviter is not active; it becomes effective again with them.
    Suspended,
    /// Its validity has ended.
    Expired,
    /// It was accepted.
    Accepted,
    /// It was declined.
    Declined,
    /// It was revoked.
    Revoked,
}

impl InvitationStatus {
    /// All values.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Suspended, Self::Expired, Self::Accepted, Self::Declined, Self::Revoked];

    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
        }
    }
}

impl Invitation {
    /// The state at this moment, with its inviter active or not.
    pub fn status(&self, inviter_is_active: bool, now: DateTime<Utc>) -> InvitationStatus {
        match self.decision {
            Some(Decision::Accepted(..)) => InvitationStatus::Accepted,
            Some(Decision::Declined(_)) => InvitationStatus::Declined,
            Some(Decision::Revoked(_)) => InvitationStatus::Revoked,
            None if now >= self.valid_until => InvitationStatus::Expired,
            None if !inviter_is_active => InvitationStatus::Suspended,
            None => InvitationStatus::Pending,
        }
    }
}

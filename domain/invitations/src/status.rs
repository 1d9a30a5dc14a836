use chrono::{DateTime, Utc};

use crate::{Decision, Invitation};

/// Where an invitation stands (S001-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStatus {
    /// It can be accepted, now or from its first day on.
    Pending,
    /// Its inviter is not active; it counts again once he is.
    Suspended,
    /// Its time is over.
    Expired,
    /// It was accepted.
    Accepted,
    /// It was declined.
    Declined,
    /// It was taken back.
    Revoked,
}

impl InvitationStatus {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Suspended, Self::Expired, Self::Accepted, Self::Declined, Self::Revoked];

    /// The word that stands for it in the contract.
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
    /// Where it stands at this moment, with its inviter active or not.
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

use thiserror::Error;

/// Life cycle of an account (S001-27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountStatus {
    /// The address is not confirmed, or no password set; can't log in.
    PendingConfirmation,
    /// In use.
    Active,
    /// Suspended: can't log in, and its sessions and keys are not effective.
    Suspended,
    /// Can't log in, and is deleted when that is due, unless it is cancelled.
    DeletionScheduled,
    /// Deleted; a tombstone remains where records of other people refer to it.
    Deleted,
}

/// A transition from one status to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountTransition {
    /// The address is confirmed, or a password set.
    Confirm,
    /// Suspend for a reason.
    Suspend,
    /// Lift the suspension.
    Reactivate,
    /// Schedule the deletion after the grace period.
    ScheduleDeletion,
    /// Cancel the deletion, and restore the former status.
    CancelDeletion,
    /// Carry out the deletion.
    Delete,
}

/// A transition that this status does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an account that is `{}` can't {}", from.as_str(), asked.phrase())]
pub struct TransitionRefused {
    /// The current status.
    pub from: AccountStatus,
    /// The requested transition.
    pub asked: AccountTransition,
}

impl AccountStatus {
    /// All values.
    pub const ALL: [Self; 5] =
        [Self::PendingConfirmation, Self::Active, Self::Suspended, Self::DeletionScheduled, Self::Deleted];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PendingConfirmation => "pending_confirmation",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::DeletionScheduled => "deletion_scheduled",
            Self::Deleted => "deleted",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// Its meaning, in one sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::PendingConfirmation => {
                "Pending until its owner confirms the address or chooses a password."
            }
            Self::Active => "In use.",
            Self::Suspended => "Blocked, for a while or until it is reactivated.",
            Self::DeletionScheduled => "Blocked, and deleted when its grace period ends.",
            Self::Deleted => "Gone.",
        }
    }

    /// The statuses that a transition leads to: the one table of an account's life cycle. `CancelDeletion`
    /// restores the former status, so it lists every possible one.
    pub fn targets(self, by: AccountTransition) -> &'static [Self] {
        use AccountTransition::{CancelDeletion, Confirm, Delete, Reactivate, ScheduleDeletion, Suspend};
        match (self, by) {
            (Self::PendingConfirmation, Confirm) | (Self::Suspended, Reactivate) => &[Self::Active],
            (Self::Active, Suspend) => &[Self::Suspended],
            (Self::PendingConfirmation | Self::Active | Self::Suspended, ScheduleDeletion) => {
                &[Self::DeletionScheduled]
            }
            (Self::DeletionScheduled, CancelDeletion) => {
                &[Self::PendingConfirmation, Self::Active, Self::Suspended]
            }
            (Self::DeletionScheduled, Delete) => &[Self::Deleted],
            _ => &[],
        }
    }

    /// The status after a transition that leads to one status only.
    pub(crate) fn after(self, by: AccountTransition) -> Result<Self, TransitionRefused> {
        self.targets(by).first().copied().ok_or(TransitionRefused { from: self, asked: by })
    }
}

impl AccountTransition {
    /// All values.
    pub const ALL: [Self; 6] = [
        Self::Confirm,
        Self::Suspend,
        Self::Reactivate,
        Self::ScheduleDeletion,
        Self::CancelDeletion,
        Self::Delete,
    ];

    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Suspend => "suspend",
            Self::Reactivate => "reactivate",
            Self::ScheduleDeletion => "schedule_deletion",
            Self::CancelDeletion => "cancel_deletion",
            Self::Delete => "delete",
        }
    }

    fn phrase(self) -> &'static str {
        match self {
            Self::Confirm => "be confirmed",
            Self::Suspend => "be suspended",
            Self::Reactivate => "be reactivated",
            Self::ScheduleDeletion => "be scheduled for deletion",
            Self::CancelDeletion => "have its deletion cancelled",
            Self::Delete => "be deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleted_has_no_transitions() {
        assert!(AccountTransition::ALL.iter().all(|m| AccountStatus::Deleted.targets(*m).is_empty()));
    }

    #[test]
    fn only_a_scheduled_deletion_leads_to_deleted() {
        let from: Vec<_> =
            AccountStatus::ALL.into_iter().filter(|s| s.after(AccountTransition::Delete).is_ok()).collect();
        assert_eq!(from, [AccountStatus::DeletionScheduled]);
    }
}

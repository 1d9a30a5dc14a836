use thiserror::Error;

/// Where an account stands in its life (S001-27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountStatus {
    /// Its address is not confirmed, or no password is chosen yet; can't log in.
    PendingConfirmation,
    /// In use.
    Active,
    /// Shut off; can't log in, and its sessions and keys don't count.
    Suspended,
    /// Shut off, and deleted when its time comes, unless that is cancelled.
    DeletionScheduled,
    /// Gone; what is left stands for it where other people's records name it.
    Deleted,
}

/// Something that moves an account from one status to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountTransition {
    /// The address is confirmed, or a password chosen.
    Confirm,
    /// Shut off for a reason.
    Suspend,
    /// Let in again.
    Reactivate,
    /// Deleted after the grace period.
    ScheduleDeletion,
    /// Not deleted after all; back to where it stood.
    CancelDeletion,
    /// Deleted.
    Delete,
}

/// The move that this status does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an account that is `{}` can't {}", from.as_str(), asked.phrase())]
pub struct TransitionRefused {
    /// Where the account stands.
    pub from: AccountStatus,
    /// What was asked.
    pub asked: AccountTransition,
}

impl AccountStatus {
    /// All five.
    pub const ALL: [Self; 5] =
        [Self::PendingConfirmation, Self::Active, Self::Suspended, Self::DeletionScheduled, Self::Deleted];

    /// The word that stands for it in storage and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PendingConfirmation => "pending_confirmation",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::DeletionScheduled => "deletion_scheduled",
            Self::Deleted => "deleted",
        }
    }

    /// The status that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// What it means, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::PendingConfirmation => "Waits for its owner to confirm the address or choose a password.",
            Self::Active => "In use.",
            Self::Suspended => "Shut off, for a while or until somebody lets it in again.",
            Self::DeletionScheduled => "Shut off, and deleted when its grace period ends.",
            Self::Deleted => "Gone.",
        }
    }

    /// Where the moves lead: the one table of an account's life. `CancelDeletion` leads back to where the account stood
    /// before, so it names every such status.
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

    /// The status after a move that leads to one place only.
    pub(crate) fn after(self, by: AccountTransition) -> Result<Self, TransitionRefused> {
        self.targets(by).first().copied().ok_or(TransitionRefused { from: self, asked: by })
    }
}

impl AccountTransition {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::Confirm,
        Self::Suspend,
        Self::Reactivate,
        Self::ScheduleDeletion,
        Self::CancelDeletion,
        Self::Delete,
    ];

    /// The word that stands for it in the contract.
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
            Self::CancelDeletion => "be kept from deletion",
            Self::Delete => "be deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_deleted() {
        assert!(AccountTransition::ALL.iter().all(|m| AccountStatus::Deleted.targets(*m).is_empty()));
    }

    #[test]
    fn only_a_scheduled_deletion_is_carried_out() {
        let from: Vec<_> =
            AccountStatus::ALL.into_iter().filter(|s| s.after(AccountTransition::Delete).is_ok()).collect();
        assert_eq!(from, [AccountStatus::DeletionScheduled]);
    }
}

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{EmailAddress, PersonName};

/// Identifies a person's account in the whole installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub Uuid);

/// Where an account stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// Made for somebody who has not chosen a password yet; can't log in.
    PendingConfirmation,
    /// In use.
    Active,
    /// Shut off; can't log in, and its sessions don't count.
    Suspended,
}

impl AccountStatus {
    /// The word that stands for it in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PendingConfirmation => "pending_confirmation",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The status that a stored word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::PendingConfirmation, Self::Active, Self::Suspended].into_iter().find(|s| s.as_str() == word)
    }
}

/// One person's account (R15: one account a person).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identity.
    pub id: UserId,
    /// Where the person is reached; unique in the installation.
    pub email: EmailAddress,
    /// What the person is called.
    pub name: PersonName,
    /// Preferred language, a BCP 47 tag.
    pub locale: String,
    /// Where the account stands.
    pub status: AccountStatus,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Account {
    /// An account whose owner still has to choose a password.
    pub fn pending(id: UserId, email: EmailAddress, name: PersonName, now: DateTime<Utc>) -> Self {
        let status = AccountStatus::PendingConfirmation;
        Self { id, email, name, locale: "en".to_owned(), status, created_at: now, updated_at: now }
    }

    /// The account once its owner has set it up.
    pub fn confirmed(&self, name: PersonName, now: DateTime<Utc>) -> Self {
        Self { name, status: AccountStatus::Active, updated_at: now, ..self.clone() }
    }

    /// Whether its owner may get in at all.
    pub fn may_log_in(&self) -> bool {
        self.status == AccountStatus::Active
    }
}

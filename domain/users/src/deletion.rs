use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{
    Account, AccountEventKind, AccountStatus, AccountTransition, AddressProof, EmailAddress, PersonName,
    ScheduledDeletion, TransitionRefused, UserId,
};

/// How the identity of the person who asks for a deletion was checked (S000-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityMethod {
    /// The account's password was given.
    Password,
    /// A call to a number that was known before.
    CallBack,
    /// A video call.
    VideoCall,
    /// In person.
    InPerson,
    /// A document was shown.
    Document,
}

impl IdentityMethod {
    /// All values.
    pub const ALL: [Self; 5] =
        [Self::Password, Self::CallBack, Self::VideoCall, Self::InPerson, Self::Document];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::CallBack => "call_back",
            Self::VideoCall => "video_call",
            Self::InPerson => "in_person",
            Self::Document => "document",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == word)
    }
}

/// The record that a deletion requires: how, by whom and when the identity was checked, and which retention
/// notice was shown (S000-13, S000-14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletionRequest {
    /// The method of the check.
    pub method: IdentityMethod,
    /// The person who checked; the owner, if the password was given.
    pub verified_by: UserId,
    /// Time of the check.
    pub verified_at: DateTime<Utc>,
    /// The version of the retention notice that was shown and accepted.
    pub notice_version: i32,
}

/// The notice about data that outlives an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionNotice {
    /// Number of the version.
    pub version: i32,
    /// The text.
    pub text: &'static str,
}

/// The current notice.
pub const RETENTION_NOTICE: RetentionNotice = RetentionNotice {
    version: 1,
    text: "When the grace period ends, your name, address and profile are removed, and nobody can log in with the \
           account any more. The record of what was done with the account stays without your name. The requests and messages that you wrote stay with the organizations that you wrote \
           them to, without your name. Until the grace period ends, the deletion can be cancelled.",
};

/// Days from a deletion request to the deletion (S000-15). Those of the organization that created the
/// account, if it set any and the account has no other membership; else those of the platform.
pub fn grace_days(of_home: Option<i32>, is_known_elsewhere: bool, of_platform: i32) -> i32 {
    of_home.filter(|_| !is_known_elsewhere).unwrap_or(of_platform)
}

/// Acts in an account's history that concern others: the platform, people invited to it, and deleted
/// accounts. An account with any of them can't be purged (S001-44, S003-14).
pub const ACTS_FOR_OTHERS: [AccountEventKind; 8] = [
    AccountEventKind::AccountPurged,
    AccountEventKind::AgreementPublished,
    AccountEventKind::PlatformChanged,
    AccountEventKind::InvitationCreated,
    AccountEventKind::InvitationDeleted,
    AccountEventKind::InvitationResent,
    AccountEventKind::InvitationRevoked,
    AccountEventKind::InvitationUrlRead,
];

/// Why an account is not purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PurgeRefused {
    /// It is not deleted.
    #[error("the account is `{}`, not `deleted`", .0.as_str())]
    NotDeleted(AccountStatus),
}

/// The start of a purge: the account is hidden from now on, and its remaining rows are removed (S003-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgeStarted {
    user: UserId,
    at: DateTime<Utc>,
}

impl PurgeStarted {
    /// Whose account.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The instant.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Account {
    /// The account once its deletion is due and starts: its belongings are removed from now on, and cancelling is refused.
    pub fn start_deletion(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let refused = TransitionRefused { from: self.status, asked: AccountTransition::Delete };
        self.status.after(AccountTransition::Delete)?;
        let deletion = self.deletion.as_ref().ok_or(refused)?;
        match (deletion.started_at, deletion.due_at <= now) {
            (Some(_), _) => Ok(self.clone()),
            (None, true) => {
                let deletion = ScheduledDeletion { started_at: Some(now), ..deletion.clone() };
                Ok(Self { deletion: Some(deletion), updated_at: now, ..self.clone() })
            }
            (None, false) => Err(refused),
        }
    }

    /// Whether its belongings are being removed already.
    pub fn is_deletion_started(&self) -> bool {
        self.deletion.as_ref().is_some_and(|deletion| deletion.started_at.is_some())
    }

    /// Starts the purge of an account of which a deletion left a tombstone (S003-14).
    pub fn start_purge(&self, now: DateTime<Utc>) -> Result<PurgeStarted, PurgeRefused> {
        match self.status {
            AccountStatus::Deleted => Ok(PurgeStarted { user: self.id, at: now }),
            other => Err(PurgeRefused::NotDeleted(other)),
        }
    }

    /// The tombstone that remains after the deletion, without personal data (S003-21).
    pub fn delete(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let refused = TransitionRefused { from: self.status, asked: AccountTransition::Delete };
        let is_started = self.is_deletion_started();
        let status = self.status.after(AccountTransition::Delete)?;
        let email = EmailAddress::parse(&format!("deleted_{}@deleted.local", self.id.0.simple()));
        match (is_started, email, PersonName::parse("Deleted User")) {
            (true, Ok(email), Ok(name)) => Ok(Self {
                email,
                address_proof: AddressProof::Never,
                name,
                status,
                locale: "en".to_owned(),
                time_zone: "UTC".to_owned(),
                locked_until: None,
                suspension: None,
                deletion: None,
                temporary_password_until: None,
                updated_at: now,
                ..self.clone()
            }),
            _ => Err(refused),
        }
    }

    /// Whether it is a tombstone.
    pub fn is_tombstone(&self) -> bool {
        self.status == AccountStatus::Deleted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn pending(now: DateTime<Utc>) -> Account {
        let email = EmailAddress::parse("sam@example.org").unwrap();
        Account::pending(UserId(Uuid::nil()), email, PersonName::parse("Sam Field").unwrap(), now)
    }

    #[test]
    fn s003_21_a_tombstone_contains_no_personal_data() {
        let now = DateTime::UNIX_EPOCH;
        let account = pending(now);
        assert!(account.start_deletion(now).is_err(), "not without a request");
        let scheduled = account.schedule_deletion(now + TimeDelta::days(30), now).unwrap();
        assert!(scheduled.start_deletion(now + TimeDelta::days(29)).is_err(), "not before its time");
        let due = now + TimeDelta::days(30);
        assert!(scheduled.delete(due).is_err(), "not before it has started");
        let gone = scheduled.start_deletion(due).unwrap().delete(due).unwrap();
        assert_eq!(gone.name.as_str(), "Deleted User");
        assert_eq!(gone.email.as_str(), "deleted_00000000000000000000000000000000@deleted.local");
        assert!(gone.is_tombstone() && gone.cancel_deletion(now).is_err());
        assert!(gone.start_deletion(due).is_err() && !gone.is_deletion_started());
    }

    #[test]
    fn s000_15_a_deletion_that_has_started_is_not_cancelled_and_goes_on() {
        let now = DateTime::UNIX_EPOCH;
        let due = now + TimeDelta::days(30);
        let scheduled = pending(now).schedule_deletion(due, now).unwrap();
        assert!(scheduled.cancel_deletion(now).is_ok());
        let started = scheduled.start_deletion(due).unwrap();
        assert!(started.is_deletion_started() && !scheduled.is_deletion_started());
        // Even if a clock goes back.
        assert!(started.cancel_deletion(now).is_err());
        assert_eq!(
            started.start_deletion(now),
            Ok(started.clone()),
            "the first start is the one that is saved"
        );
        assert!(started.delete(now).is_ok());
    }

    #[test]
    fn s003_14_only_a_deleted_account_is_purged() {
        let now = DateTime::UNIX_EPOCH;
        for status in AccountStatus::ALL {
            let account = Account { status, ..pending(now) };
            match account.start_purge(now) {
                Ok(started) => assert_eq!(
                    (started.user(), started.at(), status),
                    (account.id, now, AccountStatus::Deleted)
                ),
                Err(refused) => {
                    assert_eq!(refused, PurgeRefused::NotDeleted(status));
                    assert_ne!(status, AccountStatus::Deleted);
                }
            }
        }
    }
}

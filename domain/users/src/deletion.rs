use chrono::{DateTime, Utc};

use crate::{
    Account, AccountStatus, AccountTransition, AddressProof, EmailAddress, PersonName, TransitionRefused,
    UserId,
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
pub const ACTS_FOR_OTHERS: [&str; 8] = [
    "account_purged",
    "agreement_published",
    "platform_changed",
    "invitation_created",
    "invitation_deleted",
    "invitation_resent",
    "invitation_revoked",
    "invitation_url_read",
];

impl Account {
    /// The tombstone that remains after the deletion, without personal data (S003-21).
    pub fn delete(&self, now: DateTime<Utc>) -> Result<Self, TransitionRefused> {
        let refused = TransitionRefused { from: self.status, asked: AccountTransition::Delete };
        let is_due = self.deletion.as_ref().is_some_and(|deletion| deletion.due_at <= now);
        let status = self.status.after(AccountTransition::Delete)?;
        let email = EmailAddress::parse(&format!("deleted_{}@deleted.local", self.id.0.simple()));
        match (is_due, email, PersonName::parse("Deleted User")) {
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

    #[test]
    fn s003_21_a_tombstone_contains_no_personal_data() {
        let now = DateTime::UNIX_EPOCH;
        let email = EmailAddress::parse("sam@example.org").unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        let account = Account::pending(UserId(Uuid::nil()), email, name, now);
        assert!(account.delete(now).is_err(), "not without a request");
        let scheduled = account.schedule_deletion(now + TimeDelta::days(30), now).unwrap();
        assert!(scheduled.delete(now + TimeDelta::days(29)).is_err(), "not before its time");
        let gone = scheduled.delete(now + TimeDelta::days(30)).unwrap();
        assert_eq!(gone.name.as_str(), "Deleted User");
        assert_eq!(gone.email.as_str(), "deleted_00000000000000000000000000000000@deleted.local");
        assert!(gone.is_tombstone() && gone.cancel_deletion(now).is_err());
    }
}

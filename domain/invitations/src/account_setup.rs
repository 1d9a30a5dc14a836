use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use users::UserId;

/// Whom a set-up link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupFor {
    /// The first platform owner of an empty installation, who has no account yet.
    PlatformOwner,
    /// The owner of an account that an organizer made.
    Account(UserId),
}

/// A one-time link with which somebody chooses the password of his account. Only its hash is kept (S003-10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSetup {
    /// Whom it is for.
    pub for_whom: SetupFor,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

/// The link no longer works; the caller isn't told which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SetupRefused {
    /// It was used.
    #[error("the set-up link was used")]
    Used,
    /// Its time is over.
    #[error("the set-up link has expired")]
    Expired,
}

impl AccountSetup {
    /// Hours for which a link works.
    pub const VALID_HOURS: i64 = 24;

    /// A link that works from now on.
    pub fn issue(for_whom: SetupFor, now: DateTime<Utc>) -> Self {
        Self { for_whom, expires_at: now + TimeDelta::hours(Self::VALID_HOURS), used_at: None }
    }

    /// The link once it is used.
    pub fn redeem(&self, now: DateTime<Utc>) -> Result<Self, SetupRefused> {
        if self.used_at.is_some() {
            return Err(SetupRefused::Used);
        }
        if now >= self.expires_at {
            return Err(SetupRefused::Expired);
        }
        Ok(Self { used_at: Some(now), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_once_and_for_a_day() {
        let now = DateTime::UNIX_EPOCH;
        let link = AccountSetup::issue(SetupFor::PlatformOwner, now);
        let used = link.redeem(now + TimeDelta::hours(24) - TimeDelta::seconds(1)).unwrap();
        assert_eq!(used.redeem(now), Err(SetupRefused::Used));
        assert_eq!(link.redeem(now + TimeDelta::hours(24)), Err(SetupRefused::Expired));
    }
}

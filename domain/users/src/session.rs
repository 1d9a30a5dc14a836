use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use uuid::Uuid;

use crate::{Restriction, UserId};

/// Identifies a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub Uuid);

/// A log-in that is still good: the family of all refresh tokens that follow from one another (S3 of RFC 9700 4.14.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identity; access tokens name it.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// When somebody logged in.
    pub created_at: DateTime<Utc>,
    /// When its refresh token was last used.
    pub last_used_at: DateTime<Utc>,
    /// When it ends, used or not.
    pub expires_at: DateTime<Utc>,
    /// The client as it called itself.
    pub user_agent: Option<String>,
    /// The address the log-in came from.
    pub address: Option<String>,
    /// What it has to do first.
    pub restrictions: BTreeSet<Restriction>,
}

/// A refresh token as it is kept: only its hash, and whether it was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session it belongs to.
    pub session_id: SessionId,
    /// When it was exchanged for the next; a second use is theft.
    pub spent_at: Option<DateTime<Utc>>,
}

/// Why a refresh token is not exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RefreshRefused {
    /// It was used before: the whole session ends.
    #[error("the refresh token was used before")]
    Reused,
    /// Idle or old for too long.
    #[error("the session has ended")]
    Ended,
}

impl Session {
    /// Days after which an unused session ends.
    pub const IDLE_DAYS: i64 = 7;
    /// Days after which any session ends.
    pub const ABSOLUTE_DAYS: i64 = 30;

    /// A session that begins now.
    pub fn begin(
        id: SessionId,
        user_id: UserId,
        user_agent: Option<String>,
        address: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        let expires_at = now + TimeDelta::days(Self::ABSOLUTE_DAYS);
        let restrictions = BTreeSet::new();
        Self {
            id,
            user_id,
            created_at: now,
            last_used_at: now,
            expires_at,
            user_agent,
            address,
            restrictions,
        }
    }

    /// Whether the session counts at `now`.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.last_used_at + TimeDelta::days(Self::IDLE_DAYS)
    }

    /// The session after its token was exchanged for the next.
    pub fn refresh(&self, token: &RefreshToken, now: DateTime<Utc>) -> Result<Self, RefreshRefused> {
        if token.spent_at.is_some() {
            return Err(RefreshRefused::Reused);
        }
        if !self.is_alive(now) {
            return Err(RefreshRefused::Ended);
        }
        Ok(Self { last_used_at: now, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_idle_or_old_and_on_reuse() {
        let t = DateTime::UNIX_EPOCH;
        let session = Session::begin(SessionId(Uuid::nil()), UserId(Uuid::nil()), None, None, t);
        let fresh = RefreshToken { session_id: session.id, spent_at: None };
        let almost_idle = t + TimeDelta::days(7) - TimeDelta::seconds(1);
        let kept = session.refresh(&fresh, almost_idle).unwrap();
        assert!(kept.is_alive(t + TimeDelta::days(13)));
        assert_eq!(session.refresh(&fresh, t + TimeDelta::days(7)), Err(RefreshRefused::Ended));
        assert!(
            !Session { last_used_at: t + TimeDelta::days(29), ..session.clone() }
                .is_alive(t + TimeDelta::days(30))
        );
        let spent = RefreshToken { spent_at: Some(t), ..fresh };
        assert_eq!(session.refresh(&spent, t), Err(RefreshRefused::Reused));
    }
}

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use uuid::Uuid;

use crate::{Restriction, UserId};

/// Identifies a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub Uuid);

/// A session: the family of all refresh tokens that follow from one log-in (S3 of RFC 9700 4.14.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, which access tokens contain.
    pub id: SessionId,
    /// Its account.
    pub user_id: UserId,
    /// Time of the log-in.
    pub created_at: DateTime<Utc>,
    /// Time at which its refresh token was last used.
    pub last_used_at: DateTime<Utc>,
    /// When it ends, even if it is in use.
    pub expires_at: DateTime<Utc>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The IP address of the log-in.
    pub address: Option<String>,
    /// What it has to do before anything else.
    pub restrictions: BTreeSet<Restriction>,
}

/// A refresh token as it is saved: its hash is the key, and not part of this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session it belongs to.
    pub session_id: SessionId,
    /// Time at which it was exchanged for the next one; a second use is treated as theft.
    pub spent_at: Option<DateTime<Utc>>,
}

/// Why a refresh token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RefreshRefused {
    /// It was used before: the whole session ends.
    #[error("the refresh token was used before")]
    Reused,
    /// The session was idle for too long, or has reached its end.
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

    /// Whether the session is active at `now`.
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at && now < self.last_used_at + TimeDelta::days(Self::IDLE_DAYS)
    }

    /// The session after its token was exchanged for the next one.
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

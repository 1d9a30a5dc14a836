use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use uuid::Uuid;

use crate::{EmailAddress, UserId};

/// The purpose of a one-time token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenPurpose {
    /// Set up an account that staff created, or create the first account of the platform.
    SetUpAccount,
    /// Confirm the address of a registration.
    ConfirmAddress,
    /// Choose a new password.
    ResetPassword,
    /// Confirm the new address of an account.
    ChangeAddress,
    /// Cancel the deletion of an account, until it is due.
    CancelDeletion,
    /// Show that the mailbox of an account's address is its owner's (R18).
    ProveAddress,
}

/// A one-time token. Only its hash is saved (S003-10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Its id, from which the token is derived; the id does not reveal the token.
    pub id: Uuid,
    /// What it may be used for.
    pub purpose: TokenPurpose,
    /// Its account; `None` for the first account of a platform.
    pub user_id: Option<UserId>,
    /// The only mailbox that its link was sent to: its use proves that address. `None`: the link was handed
    /// over in another way, and proves nothing.
    pub mailed_to: Option<EmailAddress>,
    /// Time of issue.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Time of use; `None` if it is unused.
    pub used_at: Option<DateTime<Utc>>,
}

/// The token is no longer valid. The caller does not learn why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenRefused {
    /// It was used.
    #[error("the token was used")]
    Used,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
}

impl TokenPurpose {
    /// All values.
    pub const ALL: [Self; 6] = [
        Self::SetUpAccount,
        Self::ConfirmAddress,
        Self::ResetPassword,
        Self::ChangeAddress,
        Self::CancelDeletion,
        Self::ProveAddress,
    ];

    /// The identifier in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetUpAccount => "set_up_account",
            Self::ConfirmAddress => "confirm_address",
            Self::ResetPassword => "reset_password",
            Self::ChangeAddress => "change_address",
            Self::CancelDeletion => "cancel_deletion",
            Self::ProveAddress => "prove_address",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }

    /// Minutes for which a token is valid, unless its caller sets an end.
    pub fn valid_minutes(self) -> i64 {
        match self {
            Self::SetUpAccount
            | Self::ConfirmAddress
            | Self::ChangeAddress
            | Self::CancelDeletion
            | Self::ProveAddress => 24 * 60,
            Self::ResetPassword => 30,
        }
    }
}

impl OneTimeToken {
    /// Minutes before the same person gets another token for the same purpose on request.
    pub const PAUSE_MINUTES: i64 = 2;

    /// A new token that is handed over in another way than by mail.
    pub fn issue(id: Uuid, purpose: TokenPurpose, user_id: Option<UserId>, now: DateTime<Utc>) -> Self {
        let expires_at = now + TimeDelta::minutes(purpose.valid_minutes());
        Self { id, purpose, user_id, mailed_to: None, created_at: now, expires_at, used_at: None }
    }

    /// The same, sent to this address only.
    #[must_use]
    pub fn mailed_to(self, email: EmailAddress) -> Self {
        Self { mailed_to: Some(email), ..self }
    }

    /// The same with this end.
    #[must_use]
    pub fn until(self, expires_at: DateTime<Utc>) -> Self {
        Self { expires_at, ..self }
    }

    /// The token after its use.
    pub fn redeem(&self, now: DateTime<Utc>) -> Result<Self, TokenRefused> {
        if self.used_at.is_some() {
            return Err(TokenRefused::Used);
        }
        if now >= self.expires_at {
            return Err(TokenRefused::Expired);
        }
        Ok(Self { used_at: Some(now), ..self.clone() })
    }

    /// Whether it is too recent to issue another, so that nobody is flooded with mail.
    pub fn is_recent(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && now - self.created_at < TimeDelta::minutes(Self::PAUSE_MINUTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_works_once_and_for_its_time() {
        let now = DateTime::UNIX_EPOCH;
        for purpose in TokenPurpose::ALL {
            let token = OneTimeToken::issue(Uuid::nil(), purpose, None, now);
            let end = now + TimeDelta::minutes(purpose.valid_minutes());
            let used = token.redeem(end - TimeDelta::seconds(1)).unwrap();
            assert_eq!(used.redeem(now), Err(TokenRefused::Used));
            assert_eq!(token.redeem(end), Err(TokenRefused::Expired));
        }
    }

    #[test]
    fn the_next_token_needs_a_pause() {
        let now = DateTime::UNIX_EPOCH;
        let token = OneTimeToken::issue(Uuid::nil(), TokenPurpose::ResetPassword, None, now);
        assert!(token.is_recent(now + TimeDelta::seconds(119)));
        assert!(!token.is_recent(now + TimeDelta::minutes(2)));
        assert!(!token.redeem(now).unwrap().is_recent(now));
    }
}

use chrono::{DateTime, Utc};

use crate::{Account, EmailAddress, OneTimeToken};

/// Whether the owner of an account has shown that they read the mailbox of its address (R18).
///
/// Independent of the status: an active account may lack a proof, because its link was handed over in another
/// way. What is given by organizations other than its home is usable only with a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressProof {
    /// Nobody has used a link that was sent only to the mailbox.
    #[default]
    Never,
    /// Somebody used such a link at this time.
    Held(DateTime<Utc>),
    /// Somebody had; since then others than the owner may have entered the account.
    Ended {
        /// Time of the proof.
        proved_at: DateTime<Utc>,
        /// Time at which it ended.
        ended_at: DateTime<Utc>,
    },
}

impl Account {
    /// Whether its owner has shown that they read the mailbox.
    pub fn is_address_proved(&self) -> bool {
        matches!(self.address_proof, AddressProof::Held(_))
    }

    /// The address, if it is proved.
    pub fn proved_address(&self) -> Option<&EmailAddress> {
        self.is_address_proved().then_some(&self.email)
    }

    /// The account after the use of a one-time token: proved, if the token's link was sent only to its
    /// address.
    #[must_use]
    pub fn proved_by(&self, token: &OneTimeToken, now: DateTime<Utc>) -> Self {
        if token.mailed_to.as_ref() == Some(&self.email) { self.with_proof(now) } else { self.clone() }
    }

    /// The account with a proved address: platform staff vouch for it, or it was created so. An existing
    /// proof is not changed.
    #[must_use]
    pub fn with_proof(&self, now: DateTime<Utc>) -> Self {
        match self.address_proof {
            AddressProof::Held(_) => self.clone(),
            _ => Self { address_proof: AddressProof::Held(now), updated_at: now, ..self.clone() },
        }
    }

    /// The account after an act that may have given others access.
    #[must_use]
    pub fn without_proof(&self, now: DateTime<Utc>) -> Self {
        match self.address_proof {
            AddressProof::Held(proved_at) => Self {
                address_proof: AddressProof::Ended { proved_at, ended_at: now },
                updated_at: now,
                ..self.clone()
            },
            _ => self.clone(),
        }
    }

    /// The account with another, unproved address.
    #[must_use]
    pub fn at_unproved_address(&self, email: EmailAddress, now: DateTime<Utc>) -> Self {
        Self { email, address_proof: AddressProof::Never, updated_at: now, ..self.clone() }
    }

    /// Whether a password link, used now, gives the account to somebody who may never have had access. Its
    /// security settings, such as a second factor, may then be a stranger's and have to be removed.
    pub fn was_never_proved(&self) -> bool {
        self.address_proof == AddressProof::Never
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{PersonName, TokenPurpose, UserId};

    fn account(email: &str) -> Account {
        let email = EmailAddress::parse(email).unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        Account::pending(UserId(Uuid::nil()), email, name, DateTime::UNIX_EPOCH)
    }

    fn token() -> OneTimeToken {
        OneTimeToken::issue(Uuid::nil(), TokenPurpose::SetUpAccount, None, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn r18_only_a_link_that_was_sent_to_the_address_proves_it() {
        let now = DateTime::UNIX_EPOCH;
        let sam = account("sam@example.org");
        assert!(!sam.proved_by(&token(), now).is_address_proved(), "it was handed over");
        let elsewhere = token().mailed_to(EmailAddress::parse("kim@example.org").unwrap());
        assert!(!sam.proved_by(&elsewhere, now).is_address_proved());
        let mailed = token().mailed_to(sam.email.clone());
        let proved = sam.proved_by(&mailed, now);
        assert_eq!(proved.proved_address(), Some(&sam.email));
        assert!(!proved.was_never_proved());
    }

    #[test]
    fn r18_a_proof_ends_and_is_remembered() {
        let now = DateTime::UNIX_EPOCH;
        let proved = account("sam@example.org").with_proof(now);
        let ended = proved.without_proof(now);
        assert_eq!((ended.is_address_proved(), ended.was_never_proved()), (false, false));
        assert_eq!(ended.without_proof(now), ended);
        let moved = proved.at_unproved_address(EmailAddress::parse("kim@example.org").unwrap(), now);
        assert!(moved.was_never_proved());
    }
}

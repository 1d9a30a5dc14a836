use chrono::{DateTime, Utc};

use crate::{Account, EmailAddress, OneTimeToken};

/// Whether the owner of an account has shown that they read the mailbox of its address (R18).
///
/// A proof stands beside the status of the account: an active account may lack it, because its link was handed over by
/// somebody else. What others than the account's home organization give it is usable only with a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressProof {
    /// Nobody has ever used a link that went only to the mailbox.
    #[default]
    Never,
    /// Somebody has, at this instant.
    Held(DateTime<Utc>),
    /// Somebody had; since then others than the owner may have entered the account.
    Ended {
        /// When the address was proved.
        proved_at: DateTime<Utc>,
        /// When the proof ended.
        ended_at: DateTime<Utc>,
    },
}

impl Account {
    /// Whether its owner has shown that the mailbox is theirs.
    pub fn is_address_proved(&self) -> bool {
        matches!(self.address_proof, AddressProof::Held(_))
    }

    /// The address, if its owner has shown that the mailbox is theirs.
    pub fn proved_address(&self) -> Option<&EmailAddress> {
        self.is_address_proved().then_some(&self.email)
    }

    /// The account after the use of a one-time token: proved, if the link of the token went only to its address.
    #[must_use]
    pub fn proved_by(&self, token: &OneTimeToken, now: DateTime<Utc>) -> Self {
        if token.mailed_to.as_ref() == Some(&self.email) { self.with_proof(now) } else { self.clone() }
    }

    /// The account with a proved address: platform staff vouch for it, or it was created that way. A proof that is held
    /// already stays as it is.
    #[must_use]
    pub fn with_proof(&self, now: DateTime<Utc>) -> Self {
        match self.address_proof {
            AddressProof::Held(_) => self.clone(),
            _ => Self { address_proof: AddressProof::Held(now), updated_at: now, ..self.clone() },
        }
    }

    /// The account after an act that may have let others than its owner in.
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

    /// The account at another address, of which nothing is proved.
    #[must_use]
    pub fn at_unproved_address(&self, email: EmailAddress, now: DateTime<Utc>) -> Self {
        Self { email, address_proof: AddressProof::Never, updated_at: now, ..self.clone() }
    }

    /// Whether a link to choose a password, used now, hands the account to somebody who may never have been in it: what was
    /// set up to guard it, such as a second factor, may be a stranger's and has to go.
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
    fn r18_only_a_link_that_went_to_the_very_address_proves_it() {
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

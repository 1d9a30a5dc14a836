use chrono::{DateTime, Utc};

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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{Account, EmailAddress, OneTimeToken};
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

use thiserror::Error;
use users::{Account, AccountStatus, EmailAddress, PersonName};

use crate::Membership;

/// What whoever adds a person sends of him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Where he is reached.
    pub email: EmailAddress,
    /// What he is called.
    pub name: PersonName,
}

impl Introduction {
    /// What the organization that sent this goes by, for somebody who has this account already; `None`: it made the account
    /// itself (`is_home`), and nobody has taken it over yet, so that it holds nothing else.
    pub fn of_known(self, account: &Account, is_home: bool) -> Option<Self> {
        let is_ours = is_home && account.status == AccountStatus::PendingConfirmation;
        (!is_ours).then_some(self)
    }
}

/// The account may not take what others than its home organization give it before its address is proved (R18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the address of the account is not proved yet")]
pub struct AddressUnproved;

/// Requires a proved address of somebody who is given something (R18). The organization that made the account may give it
/// a place without: whoever entered the account, entered it with that organization's knowledge.
pub fn require_proved(account: &Account, giver_is_home: bool) -> Result<(), AddressUnproved> {
    if account.is_address_proved() || giver_is_home { Ok(()) } else { Err(AddressUnproved) }
}

/// Whether the owner of an account may claim the membership that an organization gave to this address: not after they moved
/// to another one, of which the organization knows nothing (R15, R18).
pub fn may_claim(sent_to: &EmailAddress, account: &Account, giver_is_home: bool) -> bool {
    account.email == *sent_to && require_proved(account, giver_is_home).is_ok()
}

/// What an organization knows of a member (R15): one account serves all organizations, and the one that adds somebody who has it
/// already learns nothing of it before he comes himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// He made himself known, or the organization made the account.
    Person(&'a Account),
    /// He has not come yet.
    Introduced(&'a Introduction),
}

impl<'a> Known<'a> {
    /// Where he is reached, as far as the organization was told.
    pub fn email(self) -> &'a EmailAddress {
        match self {
            Self::Person(account) => &account.email,
            Self::Introduced(introduction) => &introduction.email,
        }
    }

    /// What he is called.
    pub fn name(self) -> &'a PersonName {
        match self {
            Self::Person(account) => &account.name,
            Self::Introduced(introduction) => &introduction.name,
        }
    }

    /// His account, if it is shown.
    pub fn account(self) -> Option<&'a Account> {
        match self {
            Self::Person(account) => Some(account),
            Self::Introduced(_) => None,
        }
    }
}

impl Membership {
    /// The membership of somebody who was introduced, having had an account before, or of whom nothing was held back.
    #[must_use]
    pub fn introduced(self, introduction: Option<Introduction>) -> Self {
        Self { introduction, ..self }
    }

    /// What the organization knows of the member whose account this is.
    pub fn known<'a>(&'a self, account: &'a Account) -> Known<'a> {
        match &self.introduction {
            Some(introduction) => Known::Introduced(introduction),
            None => Known::Person(account),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use users::UserId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn r15_only_an_account_of_its_own_that_nobody_took_over_needs_no_introduction() {
        let email = EmailAddress::parse("sam@example.org").unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        let sent = Introduction { email: email.clone(), name: name.clone() };
        let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let waits = Account::made_for(UserId(Uuid::nil()), email, name, now);
        let taken_over = waits.confirm(now).unwrap();
        assert_eq!(sent.clone().of_known(&waits, true), None);
        for (account, is_home) in [(&waits, false), (&taken_over, true), (&taken_over, false)] {
            assert_eq!(sent.clone().of_known(account, is_home), Some(sent.clone()));
        }
    }

    #[test]
    fn r18_what_others_give_is_claimed_with_a_proof_of_the_very_address_they_gave_it_to() {
        let parse = |email: &str| EmailAddress::parse(email).unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let unproved = Account::made_for(UserId(Uuid::nil()), parse("sam@example.org"), name, now);
        let proved = unproved.with_proof(now);
        let moved = proved.at_unproved_address(parse("kim@example.org"), now).with_proof(now);
        let sent_to = parse("sam@example.org");
        assert!(may_claim(&sent_to, &proved, false));
        assert!(may_claim(&sent_to, &unproved, true), "the home organization knows who entered");
        assert!(!may_claim(&sent_to, &unproved, false));
        assert!(!may_claim(&sent_to, &proved.without_proof(now), false));
        assert!(
            !may_claim(&sent_to, &moved, false),
            "somebody may have moved away from a stranger's address"
        );
    }
}

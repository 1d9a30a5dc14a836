use thiserror::Error;
use users::{Account, AccountStatus, EmailAddress, PersonName};

/// What an organization entered when it added somebody: all that it knows of an unclaimed membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnclaimedIdentity {
    /// The address that the organization entered.
    pub email: EmailAddress,
    /// The name that the organization entered.
    pub name: PersonName,
}

impl UnclaimedIdentity {
    /// The data that an organization sees of an account that existed before. `None`: the organization
    /// created the account itself (`is_home`) and its owner has not set it up yet, so that the account holds
    /// nothing else.
    pub fn for_existing_account(self, account: &Account, is_home: bool) -> Option<Self> {
        let is_ours = is_home && account.status == AccountStatus::PendingConfirmation;
        (!is_ours).then_some(self)
    }
}

/// Another organization than its home gives the account something, and its address is not proved (R18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the address of the account is not proved yet")]
pub struct AddressUnproved;

/// Requires a proved address of the account that is given something (R18). Its home organization may give it
/// a membership without: it created the account, and knows of every link that could enter it.
pub fn require_proved(account: &Account, giver_is_home: bool) -> Result<(), AddressUnproved> {
    if account.is_address_proved() || giver_is_home { Ok(()) } else { Err(AddressUnproved) }
}

/// Whether the owner of the account may claim the membership that an organization gave to this address. Not
/// after they changed to another address, which the organization does not know (R15, R18).
pub fn may_claim(sent_to: &EmailAddress, account: &Account, giver_is_home: bool) -> bool {
    account.email == *sent_to && require_proved(account, giver_is_home).is_ok()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use users::UserId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn r15_only_an_own_account_that_is_not_set_up_needs_no_unclaimed_membership() {
        let email = EmailAddress::parse("sam@example.org").unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        let sent = UnclaimedIdentity { email: email.clone(), name: name.clone() };
        let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let waits = Account::created_by_staff(UserId(Uuid::nil()), email, name, now);
        let taken_over = waits.confirm(now).unwrap();
        assert_eq!(sent.clone().for_existing_account(&waits, true), None);
        for (account, is_home) in [(&waits, false), (&taken_over, true), (&taken_over, false)] {
            assert_eq!(sent.clone().for_existing_account(account, is_home), Some(sent.clone()));
        }
    }

    #[test]
    fn r18_a_membership_is_claimed_with_a_proof_of_the_address_it_was_given_to() {
        let parse = |email: &str| EmailAddress::parse(email).unwrap();
        let name = PersonName::parse("Sam Field").unwrap();
        let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let unproved = Account::created_by_staff(UserId(Uuid::nil()), parse("sam@example.org"), name, now);
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

//! Which owners the operator of the server can give a link into their account.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use thiserror::Error;
use users::{Account, AccountStatus, TokenPurpose};

use crate::{Membership, PlatformRole};

/// What an account is recovered for.
#[derive(Debug, Clone, Copy)]
pub enum Ownership<'a> {
    /// The platform; with the platform roles of the account.
    Platform(&'a BTreeSet<PlatformRole>),
    /// An organization; with the membership of the account there, if it has one.
    Organization(Option<&'a Membership>),
}

/// Why an account is not recovered, and what can be done instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OwnerRecoveryRefused {
    /// The account does not hold the platform role `platform_owner`.
    #[error("the account is not an owner of the platform")]
    NotPlatformOwner,
    /// The account is no member of the organization, or not an owner.
    #[error("the account is not an owner of the organization")]
    NotOrgOwner,
    /// The membership is unclaimed: an account that is entered by link would still not have it.
    #[error("the membership of the account is unclaimed; a log-in with a proved address claims it")]
    UnclaimedMembership,
    /// The membership is suspended: an account that is entered by link could still not use it.
    #[error(
        "the account is suspended in the organization; another owner can reactivate it there (`reactivate_member`)"
    )]
    MembershipSuspended,
    /// The account is suspended, and a link would not change that.
    #[error("the account is suspended; an owner of the platform can reactivate it (`reactivate_user`)")]
    AccountSuspended,
    /// The account is scheduled for deletion, and a link would not change that.
    #[error(
        "the account is scheduled for deletion; its owner can cancel that by the mailed link, or an owner of the \
         platform can (`cancel_user_deletion`)"
    )]
    DeletionScheduled,
    /// The account is deleted.
    #[error("the account is deleted")]
    Deleted,
}

impl Ownership<'_> {
    fn require(self, now: DateTime<Utc>) -> Result<(), OwnerRecoveryRefused> {
        match self {
            Self::Platform(roles) if roles.contains(&PlatformRole::Owner) => Ok(()),
            Self::Platform(_) => Err(OwnerRecoveryRefused::NotPlatformOwner),
            Self::Organization(membership) => {
                let owner = membership.filter(|membership| membership.is_owner());
                let owner = owner.ok_or(OwnerRecoveryRefused::NotOrgOwner)?;
                if owner.unclaimed_identity.is_some() {
                    return Err(OwnerRecoveryRefused::UnclaimedMembership);
                }
                match owner.as_of(now).is_active() {
                    true => Ok(()),
                    false => Err(OwnerRecoveryRefused::MembershipSuspended),
                }
            }
        }
    }
}

/// The purpose of the recovery link: to set up an account that has no password, else to reset the password.
/// Requires an owner who can log in with that password.
pub fn recover_owner(
    account: &Account,
    has_password: bool,
    ownership: Ownership<'_>,
    now: DateTime<Utc>,
) -> Result<TokenPurpose, OwnerRecoveryRefused> {
    ownership.require(now)?;
    match account.as_of(now).status {
        AccountStatus::PendingConfirmation if !has_password => Ok(TokenPurpose::SetUpAccount),
        AccountStatus::PendingConfirmation | AccountStatus::Active => Ok(TokenPurpose::ResetPassword),
        AccountStatus::Suspended => Err(OwnerRecoveryRefused::AccountSuspended),
        AccountStatus::DeletionScheduled => Err(OwnerRecoveryRefused::DeletionScheduled),
        AccountStatus::Deleted => Err(OwnerRecoveryRefused::Deleted),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use users::{EmailAddress, PersonName, ScheduledDeletion, Suspension, UserId};
    use uuid::Uuid;

    use super::*;
    use crate::{RoleKey, TicketReach, UnclaimedIdentity};

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn account(status: AccountStatus) -> Account {
        let email = EmailAddress::parse("olive@example.org").unwrap();
        let name = PersonName::parse("Olive Owner").unwrap();
        Account { status, ..Account::pending(UserId(Uuid::nil()), email, name, NOW) }
    }

    fn suspension(until: Option<DateTime<Utc>>) -> Option<Suspension> {
        Some(Suspension { reason: "Away.".to_owned(), until })
    }

    fn member(role: &str) -> Membership {
        Membership {
            user_id: UserId(Uuid::nil()),
            roles: BTreeSet::from([RoleKey::parse(role).unwrap()]),
            locations: BTreeSet::new(),
            reach: TicketReach::Organization,
            suspension: None,
            unclaimed_identity: None,
            created_at: NOW,
            updated_at: NOW,
            version: 1,
        }
    }

    fn in_org(membership: &Membership) -> Result<TokenPurpose, OwnerRecoveryRefused> {
        recover_owner(&account(AccountStatus::Active), true, Ownership::Organization(Some(membership)), NOW)
    }

    #[test]
    fn recovery_requires_an_owner() {
        use OwnerRecoveryRefused::{MembershipSuspended, NotOrgOwner, NotPlatformOwner, UnclaimedMembership};
        let active = account(AccountStatus::Active);
        for role in PlatformRole::ALL {
            let roles = BTreeSet::from([role]);
            let recovered = recover_owner(&active, true, Ownership::Platform(&roles), NOW);
            assert_eq!(
                recovered.err(),
                (role != PlatformRole::Owner).then_some(NotPlatformOwner),
                "{role:?}"
            );
        }
        assert_eq!(in_org(&member("owner")), Ok(TokenPurpose::ResetPassword));
        assert_eq!(in_org(&member("manager")), Err(NotOrgOwner));
        let stranger = recover_owner(&active, true, Ownership::Organization(None), NOW);
        assert_eq!(stranger, Err(NotOrgOwner));
        let unclaimed_identity =
            Some(UnclaimedIdentity { email: active.email.clone(), name: active.name.clone() });
        let unclaimed = Membership { unclaimed_identity, ..member("owner") };
        assert_eq!(in_org(&unclaimed), Err(UnclaimedMembership));
        let suspended = |until| Membership { suspension: suspension(until), ..member("owner") };
        assert_eq!(in_org(&suspended(None)), Err(MembershipSuspended));
        assert_eq!(in_org(&suspended(Some(NOW + TimeDelta::days(1)))), Err(MembershipSuspended));
        assert!(in_org(&suspended(Some(NOW))).is_ok(), "it has lifted");
    }

    #[test]
    fn the_purpose_of_the_link_depends_on_the_account() {
        use OwnerRecoveryRefused::{AccountSuspended, Deleted, DeletionScheduled};
        let roles = BTreeSet::from([PlatformRole::Owner]);
        let recover = |account: &Account, has_password| {
            recover_owner(account, has_password, Ownership::Platform(&roles), NOW)
        };
        let pending = account(AccountStatus::PendingConfirmation);
        assert_eq!(recover(&pending, false), Ok(TokenPurpose::SetUpAccount));
        assert_eq!(recover(&pending, true), Ok(TokenPurpose::ResetPassword));
        let active = account(AccountStatus::Active);
        assert_eq!([true, false].map(|has| recover(&active, has)), [Ok(TokenPurpose::ResetPassword); 2]);
        let suspended =
            |until| Account { suspension: suspension(until), ..account(AccountStatus::Suspended) };
        assert_eq!(recover(&suspended(None), true), Err(AccountSuspended));
        assert!(recover(&suspended(Some(NOW)), true).is_ok(), "it has lifted");
        let deletion = Some(ScheduledDeletion { from: AccountStatus::Active, due_at: NOW, started_at: None });
        let leaving = Account { deletion, ..account(AccountStatus::DeletionScheduled) };
        assert_eq!(recover(&leaving, true), Err(DeletionScheduled));
        assert_eq!(recover(&account(AccountStatus::Deleted), false), Err(Deleted));
    }
}

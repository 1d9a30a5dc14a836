//! Who may be given a platform role, and by whom.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use thiserror::Error;
use users::Account;

use crate::{AddressUnproved, PlatformPermission, PlatformRole, require_proved};

/// Why a platform role is not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PlatformRoleRefused {
    /// The address of the account is not proved (R18).
    #[error(transparent)]
    AddressUnproved(#[from] AddressUnproved),
    /// The role has more rights than those who grant it.
    #[error("you cannot grant a platform role with more rights than your own")]
    AboveOwnRights,
    /// The account cannot log in.
    #[error("the account is not active")]
    NotActive,
    /// The person has it.
    #[error("the person already has this role")]
    AlreadyHeld,
}

impl PlatformRole {
    /// Requires that somebody with these permissions may grant the role to the account, which has these roles: when it is
    /// requested, and again when it is granted (S001-30).
    pub fn require_grantable(
        self,
        by: &[PlatformPermission],
        to: &Account,
        held: &BTreeSet<Self>,
        now: DateTime<Utc>,
    ) -> Result<(), PlatformRoleRefused> {
        require_proved(to, false)?;
        if !Self::may_be_offered(Some(self), by) {
            return Err(PlatformRoleRefused::AboveOwnRights);
        }
        if !to.as_of(now).may_log_in() {
            return Err(PlatformRoleRefused::NotActive);
        }
        if held.contains(&self) {
            return Err(PlatformRoleRefused::AlreadyHeld);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use users::{AccountStatus, EmailAddress, PersonName, UserId};
    use uuid::Uuid;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    const ROLE: PlatformRole = PlatformRole::Manager;

    fn account(status: AccountStatus) -> Account {
        let email = EmailAddress::parse("max@example.org").unwrap();
        let name = PersonName::parse("Max Manager").unwrap();
        Account { status, ..Account::pending(UserId(Uuid::nil()), email, name, NOW) }.with_proof(NOW)
    }

    #[test]
    fn s001_30_a_platform_role_is_granted_to_active_accounts_within_the_rights_of_those_who_grant_it() {
        let (all, active) = (PlatformPermission::ALL, account(AccountStatus::Active));
        assert_eq!(ROLE.require_grantable(&all, &active, &BTreeSet::new(), NOW), Ok(()));
        let few = [PlatformPermission::GrantPlatformRoles];
        for (by, to, held, refused) in [
            (&few[..], &active, BTreeSet::new(), PlatformRoleRefused::AboveOwnRights),
            (&all, &account(AccountStatus::Suspended), BTreeSet::new(), PlatformRoleRefused::NotActive),
            (&all, &active, BTreeSet::from([ROLE]), PlatformRoleRefused::AlreadyHeld),
            (
                &all,
                &active.without_proof(NOW),
                BTreeSet::new(),
                PlatformRoleRefused::AddressUnproved(AddressUnproved),
            ),
        ] {
            assert_eq!(ROLE.require_grantable(by, to, &held, NOW), Err(refused));
        }
    }
}

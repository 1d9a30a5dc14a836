use chrono::{DateTime, Utc};
use thiserror::Error;
use users::Account;

use crate::{AccountAuthority, AccountAuthorityRefused, Actor, Forbidden, Permission};

/// Why the caller may not view as a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ViewRefused {
    /// A permission is missing.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The caller's reach is limited to some locations (S004-19).
    #[error("staff limited to some locations cannot view as a member")]
    BeyondReach,
    /// The caller's own account, one with more permissions, or an unclaimed membership.
    #[error(transparent)]
    AccountAuthority(#[from] AccountAuthorityRefused),
    /// The member could not log in at this moment.
    #[error("the member cannot log in; `get_member_login_diagnosis` shows the reason")]
    CannotLogIn,
}

impl Actor {
    /// Requires permission to view as members at all. That needs a reach of all locations, since a member's
    /// requests may be at any.
    pub fn may_view_as_members(&self) -> Result<(), ViewRefused> {
        self.require(Permission::ViewAsMembers)?;
        self.require(Permission::ViewMembers)?;
        self.require_all_locations().map_err(|_| ViewRefused::BeyondReach)
    }
}

/// Requires a member whose view shows nothing beyond the caller's permissions. The member must also be able
/// to log in at this moment, with a password of their own, to an organization where the membership is
/// effective.
pub fn require_viewable(
    account: &Account,
    account_authority: AccountAuthority,
    is_effective: bool,
    now: DateTime<Utc>,
) -> Result<(), ViewRefused> {
    account_authority.may_assist()?;
    let can_log_in =
        account.as_of(now).may_log_in() && account.temporary_password_until.is_none() && is_effective;
    if can_log_in { Ok(()) } else { Err(ViewRefused::CannotLogIn) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use orgs::OrgId;
    use users::{AccountStatus, EmailAddress, PersonName, UserId};
    use uuid::Uuid;

    use super::*;
    use crate::{AccountRelations, TicketReach};

    fn staff(permissions: &[Permission], reach: TicketReach) -> Actor {
        Actor {
            user_id: UserId(Uuid::nil()),
            org_id: OrgId(Uuid::nil()),
            permissions: permissions.iter().copied().collect(),
            locations: BTreeSet::new(),
            reach,
            opens_at_once: true,
        }
    }

    #[test]
    fn semantics_48_view_as_requires_both_permissions_and_reach_of_all_locations() {
        let both = [Permission::ViewAsMembers, Permission::ViewMembers];
        let may = |permissions: &[Permission], reach| staff(permissions, reach).may_view_as_members();
        assert_eq!(may(&both, TicketReach::Organization), Ok(()));
        assert_eq!(may(&both, TicketReach::Locations), Err(ViewRefused::BeyondReach));
        for missing in both {
            let rest: Vec<_> = both.into_iter().filter(|held| *held != missing).collect();
            let refused = Err(ViewRefused::Forbidden(Forbidden { missing }));
            assert_eq!(may(&rest, TicketReach::Organization), refused);
        }
    }

    #[test]
    fn semantics_48_members_who_cannot_log_in_or_have_more_permissions_are_not_viewable() {
        let now = DateTime::UNIX_EPOCH;
        let address = EmailAddress::parse("sam@x.example").unwrap();
        let made =
            Account::created_by_staff(UserId(Uuid::nil()), address, PersonName::parse("Sam").unwrap(), now);
        let account = Account { status: AccountStatus::Active, ..made.clone() };
        let relations = AccountRelations {
            is_home: false,
            orgs: 2,
            is_owner_or_platform_staff: false,
            reaches_beyond: false,
            is_claimed: true,
        };
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let within = AccountAuthority::by_organization(&many, &few, relations);
        assert_eq!(require_viewable(&account, within, true, now), Ok(()));
        let helped = Account { temporary_password_until: Some(now), ..account.clone() };
        for (account, is_effective) in [(&account, false), (&made, true), (&helped, true)] {
            assert_eq!(require_viewable(account, within, is_effective, now), Err(ViewRefused::CannotLogIn));
        }
        for (account_authority, refused) in [
            (
                AccountAuthority::by_organization(&few, &many, relations),
                AccountAuthorityRefused::AboveOwnRights,
            ),
            (within.for_own_account(true), AccountAuthorityRefused::OwnAccount),
            (
                AccountAuthority::by_organization(
                    &many,
                    &few,
                    AccountRelations { is_claimed: false, ..relations },
                ),
                AccountAuthorityRefused::Unclaimed,
            ),
        ] {
            let seen = require_viewable(&account, account_authority, true, now);
            assert_eq!(seen, Err(ViewRefused::AccountAuthority(refused)));
        }
    }
}

use chrono::{DateTime, Utc};
use thiserror::Error;
use users::Account;

use crate::{AccountAuthority, AccountAuthorityRefused, Actor, Forbidden, Permission};

/// Why nobody is looked at with his own eyes by this person, or at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ViewRefused {
    /// A permission is missing.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Whoever looks works on the requests of some locations only (S004-19).
    #[error("a member's requests may be at any location, and you work on those of some")]
    BeyondReach,
    /// It is oneself, somebody with more rights, or somebody who has not come yet.
    #[error(transparent)]
    AccountAuthority(#[from] AccountAuthorityRefused),
    /// The member would see nothing himself.
    #[error("this person does not get in at this moment; `get_member_login_diagnosis` tells why")]
    ShutOut,
}

impl Actor {
    /// Goes on if he may look with the eyes of members at all: their requests are anywhere, and their names beside them.
    pub fn may_view_as_members(&self) -> Result<(), ViewRefused> {
        self.require(Permission::ViewAsMembers)?;
        self.require(Permission::ViewMembers)?;
        self.require_all_locations().map_err(|_| ViewRefused::BeyondReach)
    }
}

/// Goes on if a member's eyes show nothing that is above the rights of who looks, and see anything: he could come in by
/// himself at this moment, with a password of his own, to an organization where he counts.
pub fn require_viewable(
    account: &Account,
    account_authority: AccountAuthority,
    counts: bool,
    now: DateTime<Utc>,
) -> Result<(), ViewRefused> {
    account_authority.may_assist()?;
    let gets_in = account.as_of(now).may_log_in() && account.temporary_password_until.is_none() && counts;
    if gets_in { Ok(()) } else { Err(ViewRefused::ShutOut) }
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
    fn semantics_48_whoever_looks_holds_both_permissions_and_works_on_all_requests() {
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
    fn semantics_48_nobody_is_seen_through_who_does_not_get_in_or_has_more_rights() {
        let now = DateTime::UNIX_EPOCH;
        let address = EmailAddress::parse("sam@x.example").unwrap();
        let made = Account::made_for(UserId(Uuid::nil()), address, PersonName::parse("Sam").unwrap(), now);
        let account = Account { status: AccountStatus::Active, ..made.clone() };
        let relations = AccountRelations {
            is_home: false,
            orgs: 2,
            has_a_say: false,
            reaches_beyond: false,
            is_known: true,
        };
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let within = AccountAuthority::by_organization(&many, &few, relations);
        assert_eq!(require_viewable(&account, within, true, now), Ok(()));
        let helped = Account { temporary_password_until: Some(now), ..account.clone() };
        for (account, counts) in [(&account, false), (&made, true), (&helped, true)] {
            assert_eq!(require_viewable(account, within, counts, now), Err(ViewRefused::ShutOut));
        }
        for (account_authority, refused) in [
            (
                AccountAuthority::by_organization(&few, &many, relations),
                AccountAuthorityRefused::AboveOwnRights,
            ),
            (within.of_oneself(true), AccountAuthorityRefused::OnesOwn),
            (
                AccountAuthority::by_organization(
                    &many,
                    &few,
                    AccountRelations { is_known: false, ..relations },
                ),
                AccountAuthorityRefused::NotKnownYet,
            ),
        ] {
            let seen = require_viewable(&account, account_authority, true, now);
            assert_eq!(seen, Err(ViewRefused::AccountAuthority(refused)));
        }
    }
}

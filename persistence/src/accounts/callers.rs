use std::collections::BTreeSet;

use ::orgs::{LocationId, OrgId, TicketOpeners};
use ::roles::{Actor, Permission, RoleKey, TicketReach, is_guest, may_claim, opens_at_once};
use ::users::{Account, EmailAddress, Session, SessionId, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::accounts::sessions::SessionRow;
use crate::accounts::users::UserRow;
use crate::db::schema::{
    membership_locations, membership_roles, memberships, orgs, role_permissions, roles, sessions, users,
};
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

/// The session and the account of a request.
#[derive(Debug, Clone)]
pub struct AccountCaller {
    /// The session.
    pub session: Session,
    /// The account, which may have been deactivated since the log-in.
    pub account: Account,
}

/// A member of an organization, and what limits their access.
#[derive(Debug, Clone)]
pub struct MemberCaller {
    /// The account with its permissions.
    pub actor: Actor,
    /// The membership is suspended, and until when.
    pub is_suspended: bool,
    /// End of the suspension; `None`: only staff lift it.
    pub suspended_until: Option<DateTime<Utc>>,
    /// A role of the member requires two-factor log-in, and it is not enabled.
    pub lacks_two_factor: bool,
    /// The organization is not deactivated.
    pub org_is_active: bool,
    /// The membership is unclaimed (R15).
    pub is_unclaimed: bool,
    /// Whether the person may claim it: they have proved the address that it was given to (R18).
    pub may_claim: bool,
}

impl MemberCaller {
    /// Whether the membership and its organization are active at this moment, and the membership is claimed.
    pub fn counts(&self, now: DateTime<Utc>) -> bool {
        self.org_is_active && self.is_active(now) && (self.is_unclaimed || !self.lacks_two_factor)
    }

    /// Whether the membership is not suspended at this moment.
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        !self.is_suspended || self.suspended_until.is_some_and(|until| until <= now)
    }
}

impl Tx<'_> {
    /// The session and its account in their current state.
    pub fn account_caller(&mut self, session: SessionId) -> Result<Option<AccountCaller>, StoreError> {
        let row: Option<(SessionRow, UserRow)> = sessions::table
            .find(DbId(session.0))
            .inner_join(users::table)
            .select((SessionRow::as_select(), UserRow::as_select()))
            .first(self.conn)
            .optional()?;
        let Some((session, account)) = row else { return Ok(None) };
        Ok(Some(AccountCaller { session: session.into(), account: account.try_into()? }))
    }

    /// The person as a member of the organization, with their current permissions.
    pub fn member_caller(&mut self, org: OrgId, user: UserId) -> Result<Option<MemberCaller>, StoreError> {
        let (org_id, user_id) = (DbId(org.0), DbId(user.0));
        type Found =
            ((String, bool, Option<DbTime>, Option<String>), (bool, String), (UserRow, Option<DbId>));
        let row: Option<Found> = memberships::table
            .find((org_id, user_id))
            .inner_join(orgs::table)
            .inner_join(users::table)
            .select((
                (
                    memberships::ticket_scope,
                    memberships::is_active,
                    memberships::suspended_until,
                    memberships::unclaimed_email,
                ),
                (orgs::is_active, orgs::ticket_openers),
                (UserRow::as_select(), users::home_org_id),
            ))
            .first(self.conn)
            .optional()?;
        let Some((membership, (org_is_active, openers), (account, home))) = row else { return Ok(None) };
        let (reach, is_active, suspended_until, sent_to) = membership;
        let account = Account::try_from(account)?;
        let may_claim = may_claim_as_sent(sent_to.as_deref(), &account, home == Some(org_id))?;
        let held: Vec<(String, Option<String>, bool)> = membership_roles::table
            .inner_join(
                roles::table.on(roles::org_id
                    .eq(membership_roles::org_id)
                    .and(roles::role_key.eq(membership_roles::role_key))),
            )
            .left_join(
                role_permissions::table.on(role_permissions::org_id
                    .eq(membership_roles::org_id)
                    .and(role_permissions::role_key.eq(membership_roles::role_key))),
            )
            .filter(membership_roles::org_id.eq(org_id))
            .filter(membership_roles::user_id.eq(user_id))
            .select((
                membership_roles::role_key,
                role_permissions::permission.nullable(),
                roles::requires_two_factor,
            ))
            .load(self.conn)?;
        let locations: Vec<DbId> = membership_locations::table
            .filter(membership_locations::org_id.eq(org_id))
            .filter(membership_locations::user_id.eq(user_id))
            .select(membership_locations::location_id)
            .load(self.conn)?;
        let lacks_two_factor = self.lacks_two_factor(user, held.iter().any(|(_, _, requires)| *requires))?;
        let keys = held.iter().filter_map(|(key, _, _)| RoleKey::parse(key)).collect();
        let granted: Vec<_> =
            held.into_iter().filter_map(|(key, granted, _)| Some((key, granted?))).collect();
        let permissions = together(&granted)?;
        let openers = TicketOpeners::parse(&openers).ok_or(StoreError::Corrupt("orgs.ticket_openers"))?;
        let actor = Actor {
            user_id: user,
            org_id: org,
            opens_at_once: opens_at_once(openers, is_guest(&keys), &permissions),
            permissions,
            locations: locations.into_iter().map(|id| LocationId(id.0)).collect(),
            reach: TicketReach::parse(&reach).ok_or(StoreError::Corrupt("memberships.ticket_scope"))?,
        };
        let suspended_until = suspended_until.map(|at| at.0);
        Ok(Some(MemberCaller {
            actor,
            is_suspended: !is_active,
            suspended_until,
            lacks_two_factor,
            org_is_active,
            is_unclaimed: sent_to.is_some(),
            may_claim,
        }))
    }
}

/// [`may_claim`] for a membership that was given to an address, or is claimed already.
pub(crate) fn may_claim_as_sent(
    sent_to: Option<&str>,
    account: &Account,
    is_home: bool,
) -> Result<bool, StoreError> {
    let Some(sent_to) = sent_to else { return Ok(true) };
    let sent_to =
        EmailAddress::parse(sent_to).map_err(|_| StoreError::Corrupt("memberships.unclaimed_email"))?;
    Ok(may_claim(&sent_to, account, is_home))
}

/// The permissions of these pairs of role and permission. An owner holds every permission, including those
/// that are newer than the role (R12).
pub(crate) fn together(granted: &[(String, String)]) -> Result<BTreeSet<Permission>, StoreError> {
    if granted.iter().any(|(role, _)| RoleKey::parse(role).is_some_and(|key| key.is_owner())) {
        return Ok(BTreeSet::from(Permission::ALL));
    }
    let permissions: Option<_> = granted.iter().map(|(_, word)| Permission::parse(word)).collect();
    permissions.ok_or(StoreError::Corrupt("role_permissions.permission"))
}

use std::collections::BTreeSet;

use ::orgs::{LocationId, OrgId};
use ::roles::{Actor, Permission, TicketReach};
use ::users::{Account, Session, SessionId, UserId};
use diesel::prelude::*;

use crate::schema::{
    membership_locations, membership_roles, memberships, orgs, role_permissions, sessions, users,
};
use crate::sessions::SessionRow;
use crate::sql_types::DbId;
use crate::users::UserRow;
use crate::{StoreError, Tx};

/// Whose session it is, and whether the account still counts.
#[derive(Debug, Clone)]
pub struct AccountCaller {
    /// The session.
    pub session: Session,
    /// The account, which may not count any more.
    pub account: Account,
}

/// A person in an organization, and whether that counts at all.
#[derive(Debug, Clone)]
pub struct MemberCaller {
    /// What he may do.
    pub actor: Actor,
    /// The membership is not suspended.
    pub is_active: bool,
    /// The organization is not switched off.
    pub org_is_active: bool,
}

impl Tx<'_> {
    /// The session and the account behind it, as they are now.
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

    /// The person as a member of the organization, with the rights he has now.
    pub fn member_caller(&mut self, org: OrgId, user: UserId) -> Result<Option<MemberCaller>, StoreError> {
        let (org_id, user_id) = (DbId(org.0), DbId(user.0));
        let row: Option<(String, bool, bool)> = memberships::table
            .find((org_id, user_id))
            .inner_join(orgs::table)
            .select((memberships::ticket_scope, memberships::is_active, orgs::is_active))
            .first(self.conn)
            .optional()?;
        let Some((reach, is_active, org_is_active)) = row else { return Ok(None) };
        let words: Vec<String> = membership_roles::table
            .inner_join(
                role_permissions::table.on(role_permissions::org_id
                    .eq(membership_roles::org_id)
                    .and(role_permissions::role_key.eq(membership_roles::role_key))),
            )
            .filter(membership_roles::org_id.eq(org_id))
            .filter(membership_roles::user_id.eq(user_id))
            .select(role_permissions::permission)
            .load(self.conn)?;
        let locations: Vec<DbId> = membership_locations::table
            .filter(membership_locations::org_id.eq(org_id))
            .filter(membership_locations::user_id.eq(user_id))
            .select(membership_locations::location_id)
            .load(self.conn)?;
        let permissions: Option<BTreeSet<Permission>> =
            words.iter().map(|word| Permission::parse(word)).collect();
        let actor = Actor {
            user_id: user,
            org_id: org,
            permissions: permissions.ok_or(StoreError::Corrupt("role_permissions.permission"))?,
            locations: locations.into_iter().map(|id| LocationId(id.0)).collect(),
            reach: TicketReach::parse(&reach).ok_or(StoreError::Corrupt("memberships.ticket_scope"))?,
        };
        Ok(Some(MemberCaller { actor, is_active, org_is_active }))
    }
}

use ::orgs::{LocationId, OrgId};
use ::roles::{Permission, PlatformPermission, SeededRole, TicketReach};
use ::users::{Account, AccountStatus, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::Value;

use crate::accounts::users::UserRow;
use crate::db::schema::{
    mails, membership_locations, membership_roles, memberships, role_permissions, users,
};
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::members::effective_memberships::is_effective_at;
use crate::{StoreError, Tx};

/// [`Account::as_of`] and [`Account::may_log_in`] in SQL.
#[diesel::dsl::auto_type]
fn can_log_in_at(now: DbTime) -> _ {
    let (active, suspended): (&'static str, &'static str) =
        (AccountStatus::Active.as_str(), AccountStatus::Suspended.as_str());
    let has_lifted = users::suspended_until.le(now).assume_not_null();
    users::status.eq(active).or(users::status.eq(suspended).and(has_lifted))
}

/// Maximum number of people who are notified of one decision, the longest membership first.
const AT_MOST: i64 = 50;

impl Tx<'_> {
    /// Whether a person may approve critical changes in any organization or on the platform, even if the
    /// membership is suspended or unclaimed. Reads all organizations.
    pub fn may_approve_anywhere(&mut self, user: UserId) -> Result<bool, StoreError> {
        let held = self.platform_permissions(user)?;
        if held.iter().any(|permission| PlatformPermission::OF_APPROVERS.contains(permission)) {
            return Ok(true);
        }
        self.for_platform(|tx| {
            let grants = role_permissions::table
                .filter(role_permissions::org_id.eq(membership_roles::org_id))
                .filter(role_permissions::role_key.eq(membership_roles::role_key))
                .filter(role_permissions::permission.eq(Permission::DeleteMemberAccounts.as_str()));
            let approving = membership_roles::table
                .filter(membership_roles::user_id.eq(DbId(user.0)))
                .filter(membership_roles::role_key.eq(SeededRole::Owner.key()).or(exists(grants)))
                .select(membership_roles::org_id);
            Ok(approving.first::<DbId>(tx.conn).optional()?.is_some())
        })
    }

    /// The members who hold a permission, for one location if one is given.
    pub fn holders_in(
        &mut self,
        org: OrgId,
        permission: Permission,
        location: Option<LocationId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Account>, StoreError> {
        let org = DbId(org.0);
        let granting = role_permissions::table
            .filter(role_permissions::org_id.eq(org))
            .filter(role_permissions::permission.eq(permission.as_str()))
            .select(role_permissions::role_key);
        // An owner holds every permission, including those that are newer than the role (R12).
        let owner = SeededRole::Owner.key();
        let holders = membership_roles::table
            .filter(membership_roles::org_id.eq(org))
            .filter(membership_roles::role_key.eq_any(granting).or(membership_roles::role_key.eq(owner)))
            .select(membership_roles::user_id);
        let mut query = memberships::table
            .inner_join(users::table)
            .filter(memberships::org_id.eq(org))
            .filter(memberships::user_id.eq_any(holders))
            .filter(is_effective_at(DbTime(now)))
            .filter(can_log_in_at(DbTime(now)))
            .order((memberships::created_at, memberships::user_id))
            .limit(AT_MOST)
            .select(UserRow::as_select())
            .into_boxed();
        if let Some(location) = location {
            let there = membership_locations::table
                .filter(membership_locations::org_id.eq(org))
                .filter(membership_locations::location_id.eq(DbId(location.0)))
                .select(membership_locations::user_id);
            let everywhere = memberships::ticket_scope.eq(TicketReach::Organization.as_str());
            query = query.filter(everywhere.or(memberships::user_id.eq_any(there)));
        }
        let rows: Vec<UserRow> = query.load(self.conn)?;
        rows.into_iter().map(Account::try_from).collect()
    }

    /// The recipients of mails of a kind that were queued since a time, in the name of `org`, with their
    /// variables.
    pub fn mailed_since(
        &mut self,
        kind: ::mail::MailKind,
        org: Option<OrgId>,
        people: &[UserId],
        since: DateTime<Utc>,
    ) -> Result<Vec<(UserId, Value)>, StoreError> {
        let ids: Vec<Option<DbId>> = people.iter().map(|user| Some(DbId(user.0))).collect();
        let mut query = mails::table
            .filter(mails::user_id.eq_any(ids))
            .filter(mails::kind.eq(kind.as_str()))
            .filter(mails::created_at.gt(DbTime(since)))
            .select((mails::user_id.assume_not_null(), mails::variables))
            .into_boxed();
        query = match org {
            Some(org) => query.filter(mails::org_id.eq(DbId(org.0))),
            None => query.filter(mails::org_id.is_null()),
        };
        let rows: Vec<(DbId, DbJson)> = query.load(self.conn)?;
        Ok(rows.into_iter().map(|(user, sent_variables)| (UserId(user.0), sent_variables.0)).collect())
    }
}

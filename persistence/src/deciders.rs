use ::orgs::OrgId;
use ::roles::{Permission, SeededRole};
use ::users::{Account, AccountStatus, UserId};
use diesel::prelude::*;

use crate::schema::{membership_roles, memberships, role_permissions, users};
use crate::sql_types::DbId;
use crate::users::UserRow;
use crate::{StoreError, Tx};

/// So many are told of one thing at most, the longest known first.
const AT_MOST: i64 = 50;

impl Tx<'_> {
    /// The members who count and hold a permission, apart from some people.
    pub fn holders_in(
        &mut self,
        org: OrgId,
        permission: Permission,
        but: &[UserId],
    ) -> Result<Vec<Account>, StoreError> {
        let org = DbId(org.0);
        let granting = role_permissions::table
            .filter(role_permissions::org_id.eq(org))
            .filter(role_permissions::permission.eq(permission.as_str()))
            .select(role_permissions::role_key);
        let holders = membership_roles::table
            .filter(membership_roles::org_id.eq(org))
            .filter(
                membership_roles::role_key
                    .eq_any(granting)
                    .or(membership_roles::role_key.eq(SeededRole::Owner.key())),
            )
            .select(membership_roles::user_id);
        let rows: Vec<UserRow> = memberships::table
            .inner_join(users::table)
            .filter(memberships::org_id.eq(org))
            .filter(memberships::is_active.eq(true))
            .filter(memberships::user_id.eq_any(holders))
            .filter(memberships::user_id.ne_all(but.iter().map(|user| DbId(user.0)).collect::<Vec<_>>()))
            .filter(users::status.eq(AccountStatus::Active.as_str()))
            .order((memberships::created_at, memberships::user_id))
            .limit(AT_MOST)
            .select(UserRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Account::try_from).collect()
    }
}

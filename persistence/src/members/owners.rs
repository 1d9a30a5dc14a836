//! The owners of the platform, or of an organization.

use ::orgs::OrgId;
use ::roles::{PlatformRole, SeededRole};
use ::users::Account;
use diesel::prelude::*;

use crate::accounts::users::UserRow;
use crate::db::schema::{membership_roles, platform_roles, users};
use crate::db::sql_types::DbId;
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// The accounts that own the platform, whatever their status, by address.
    pub fn platform_owners(&mut self) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<UserRow> = platform_roles::table
            .inner_join(users::table.on(users::id.eq(platform_roles::user_id)))
            .filter(platform_roles::role_key.eq(PlatformRole::Owner.as_str()))
            .order(users::email)
            .select(UserRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Account::try_from).collect()
    }

    /// The accounts that own an organization, whatever their status and that of their membership, by address.
    pub fn org_owners(&mut self, org: OrgId) -> Result<Vec<Account>, StoreError> {
        let rows: Vec<UserRow> = membership_roles::table
            .inner_join(users::table.on(users::id.eq(membership_roles::user_id)))
            .filter(membership_roles::org_id.eq(DbId(org.0)))
            .filter(membership_roles::role_key.eq(SeededRole::Owner.key()))
            .order(users::email)
            .select(UserRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Account::try_from).collect()
    }
}

use ::orgs::OrgId;
use ::roles::{Permission, Role, RoleKey, SeededRole};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::accounts::callers::together;
use crate::db::guarded_update::one_row;
use crate::db::schema::{invitations, membership_roles, role_permissions, roles};
use crate::db::sql_types::{DbId, DbTime};
use crate::joining::invited_roles::role_key_pattern;
use crate::{StoreError, Tx};

/// The roles of one organization.
pub struct Roles<'t, 'c> {
    tx: &'t mut Tx<'c>,
    org: OrgId,
}

impl<'c> Tx<'c> {
    /// The roles of `org`.
    pub fn roles(&mut self, org: OrgId) -> Roles<'_, 'c> {
        Roles { tx: self, org }
    }
}

impl Roles<'_, '_> {
    /// Adds the seeded roles to a new organization (S004-2).
    pub fn seed(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for seed in SeededRole::ALL {
            let row = (
                roles::org_id.eq(DbId(self.org.0)),
                roles::role_key.eq(seed.key()),
                roles::name.eq(seed.name()),
                roles::updated_at.eq(DbTime(now)),
                roles::version.eq(1),
            );
            diesel::insert_into(roles::table).values(row).execute(self.tx.conn)?;
            self.grant(seed.key(), seed.default_grants().iter().copied())?;
        }
        Ok(())
    }

    fn grant(&mut self, key: &str, grants: impl Iterator<Item = Permission>) -> Result<(), StoreError> {
        for permission in grants {
            let row = (
                role_permissions::org_id.eq(DbId(self.org.0)),
                role_permissions::role_key.eq(key),
                role_permissions::permission.eq(permission.as_str()),
            );
            diesel::insert_into(role_permissions::table).values(row).execute(self.tx.conn)?;
        }
        Ok(())
    }

    /// All roles, by key.
    pub fn all(&mut self) -> Result<Vec<Role>, StoreError> {
        let rows: Vec<(String, String, bool, DbTime, i64)> = roles::table
            .filter(roles::org_id.eq(DbId(self.org.0)))
            .order(roles::role_key)
            .select((
                roles::role_key,
                roles::name,
                roles::requires_two_factor,
                roles::updated_at,
                roles::version,
            ))
            .load(self.tx.conn)?;
        let grants: Vec<(String, String)> = role_permissions::table
            .filter(role_permissions::org_id.eq(DbId(self.org.0)))
            .select((role_permissions::role_key, role_permissions::permission))
            .load(self.tx.conn)?;
        let role =
            |(key, name, requires_two_factor, updated_at, version): (String, String, bool, DbTime, i64)| {
                let own: Vec<_> = grants.iter().filter(|(of, _)| *of == key).cloned().collect();
                Ok(Role {
                    grants: together(&own)?,
                    key: RoleKey::parse(&key).ok_or(StoreError::Corrupt("roles.role_key"))?,
                    name,
                    requires_two_factor,
                    updated_at: updated_at.0,
                    version,
                })
            };
        rows.into_iter().map(role).collect()
    }

    /// Adds a custom role.
    pub fn add(&mut self, role: &Role) -> Result<(), StoreError> {
        let row = (
            roles::org_id.eq(DbId(self.org.0)),
            roles::role_key.eq(role.key.as_str()),
            roles::name.eq(&role.name),
            roles::requires_two_factor.eq(role.requires_two_factor),
            roles::updated_at.eq(DbTime(role.updated_at)),
            roles::version.eq(role.version),
        );
        diesel::insert_into(roles::table).values(row).execute(self.tx.conn)?;
        self.grant(role.key.as_str(), role.grants.iter().copied())
    }

    /// Whether members hold a role, or open invitations offer it.
    pub fn is_in_use(&mut self, key: &RoleKey) -> Result<bool, StoreError> {
        let holder: Option<DbId> = membership_roles::table
            .filter(membership_roles::org_id.eq(DbId(self.org.0)))
            .filter(membership_roles::role_key.eq(key.as_str()))
            .select(membership_roles::user_id)
            .first(self.tx.conn)
            .optional()?;
        let offered: Option<DbId> = invitations::table
            .filter(invitations::org_id.eq(DbId(self.org.0)))
            .filter(invitations::is_open)
            .filter(invitations::offered.like(role_key_pattern(key.as_str())).escape('\\'))
            .select(invitations::id)
            .first(self.tx.conn)
            .optional()?;
        Ok(holder.or(offered).is_some())
    }

    /// Removes a role. Returns `Referenced` if somebody got it meanwhile.
    pub fn remove(&mut self, role: &Role) -> Result<(), StoreError> {
        let key = role.key.as_str();
        let grants = role_permissions::table
            .filter(role_permissions::org_id.eq(DbId(self.org.0)))
            .filter(role_permissions::role_key.eq(key));
        diesel::delete(grants).execute(self.tx.conn)?;
        let unchanged = roles::table.find((DbId(self.org.0), key)).filter(roles::version.eq(role.version));
        one_row(diesel::delete(unchanged).execute(self.tx.conn)?)
    }

    /// Saves a role.
    pub fn save(&mut self, role: &Role) -> Result<(), StoreError> {
        let key = role.key.as_str();
        let unchanged = roles::table.find((DbId(self.org.0), key)).filter(roles::version.eq(role.version));
        let state = (
            roles::name.eq(&role.name),
            roles::requires_two_factor.eq(role.requires_two_factor),
            roles::updated_at.eq(DbTime(role.updated_at)),
            roles::version.eq(roles::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.tx.conn)?)?;
        let old = role_permissions::table
            .filter(role_permissions::org_id.eq(DbId(self.org.0)))
            .filter(role_permissions::role_key.eq(key));
        diesel::delete(old).execute(self.tx.conn)?;
        self.grant(key, role.grants.iter().copied())?;
        self.tx.sync_approvers_of_org(self.org, None, role.updated_at)
    }
}

use std::collections::BTreeSet;

use ::orgs::{LocationId, OrgId, Organization};
use ::roles::{MembershipState, Permission, SeededRole};
use ::users::{Account, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::accounts::callers::{may_claim_as_sent, together};
use crate::accounts::users::UserRow;
use crate::db::schema::{
    membership_locations, membership_roles, memberships, orgs, role_permissions, roles as r, users,
};
use crate::db::sql_types::{DbId, DbTime};
use crate::members::effective_memberships::is_effective_at;
use crate::organizations::orgs::OrgRow;
use crate::{StoreError, Tx};

/// One of a person's effective memberships, with its permissions.
#[derive(Debug, Clone)]
pub struct MembershipOf {
    /// The organization.
    pub org: Organization,
    /// Role keys.
    pub roles: Vec<String>,
    /// The permissions of all roles together.
    pub permissions: BTreeSet<Permission>,
    /// The locations that the member may file for.
    pub locations: Vec<LocationId>,
    /// Whether one of the roles requires two-factor log-in.
    pub requires_two_factor: bool,
    /// Whether no permission is effective before two-factor log-in is set up.
    pub lacks_two_factor: bool,
    /// The membership is unclaimed (R15).
    pub is_unclaimed: bool,
}

impl Tx<'_> {
    /// The state of a person's memberships, for the log-in; only that in one organization if one is given.
    pub fn membership_states(
        &mut self,
        user: UserId,
        only_in: Option<OrgId>,
        now: DateTime<Utc>,
    ) -> Result<Vec<MembershipState>, StoreError> {
        let as_member = membership_roles::table
            .filter(membership_roles::org_id.eq(memberships::org_id))
            .filter(membership_roles::user_id.eq(memberships::user_id))
            .filter(membership_roles::role_key.ne(SeededRole::Guest.key()));
        let mut query = memberships::table
            .inner_join(orgs::table)
            .filter(memberships::user_id.eq(DbId(user.0)))
            .select((
                memberships::is_active,
                memberships::suspended_until,
                orgs::is_active,
                memberships::unclaimed_name.is_null().and(exists(as_member)),
            ))
            .into_boxed();
        if let Some(org) = only_in {
            query = query.filter(memberships::org_id.eq(DbId(org.0)));
        }
        let rows: Vec<(bool, Option<DbTime>, bool, bool)> = query.load(self.conn)?;
        let standing = |(is_active, until, org_is_active, is_claimed): (bool, Option<DbTime>, bool, bool)| {
            MembershipState {
                membership_is_active: is_active || until.is_some_and(|until| until.0 <= now),
                org_is_active,
                // For one organization, the result is about the membership there, whatever its state.
                is_claimed: is_claimed || only_in.is_some(),
            }
        };
        Ok(rows.into_iter().map(standing).collect())
    }

    /// A person's effective memberships, in a constant number of queries. One that the person may not claim
    /// is not effective (R18).
    pub fn memberships_of(
        &mut self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<MembershipOf>, StoreError> {
        let user = DbId(user.0);
        // The organization, the address that it entered, and the account with its home.
        type Found = (OrgRow, Option<String>, (UserRow, Option<DbId>));
        let rows: Vec<Found> = memberships::table
            .inner_join(orgs::table)
            .inner_join(users::table)
            .filter(memberships::user_id.eq(user))
            .filter(is_effective_at(DbTime(now)))
            .filter(orgs::is_active.eq(true))
            .order(orgs::slug)
            .select((
                OrgRow::as_select(),
                memberships::unclaimed_email,
                (UserRow::as_select(), users::home_org_id),
            ))
            .load(self.conn)?;
        let roles: Vec<(DbId, String, bool)> =
            membership_roles::table
                .inner_join(r::table.on(
                    r::org_id.eq(membership_roles::org_id).and(r::role_key.eq(membership_roles::role_key)),
                ))
                .filter(membership_roles::user_id.eq(user))
                .order(membership_roles::role_key)
                .select((membership_roles::org_id, membership_roles::role_key, r::requires_two_factor))
                .load(self.conn)?;
        let grants: Vec<(DbId, (String, String))> = membership_roles::table
            .inner_join(
                role_permissions::table.on(role_permissions::org_id
                    .eq(membership_roles::org_id)
                    .and(role_permissions::role_key.eq(membership_roles::role_key))),
            )
            .filter(membership_roles::user_id.eq(user))
            .select((membership_roles::org_id, (role_permissions::role_key, role_permissions::permission)))
            .load(self.conn)?;
        let locations: Vec<(DbId, DbId)> = membership_locations::table
            .filter(membership_locations::user_id.eq(user))
            .order(membership_locations::location_id)
            .select((membership_locations::org_id, membership_locations::location_id))
            .load(self.conn)?;
        let lacks = self.lacks_two_factor(UserId(user.0), roles.iter().any(|(_, _, requires)| *requires))?;
        let mut found = Vec::with_capacity(rows.len());
        for (row, sent_to, (account, home)) in rows {
            let org = Organization::try_from(row)?;
            let account = Account::try_from(account)?;
            if !may_claim_as_sent(sent_to.as_deref(), &account, home == Some(DbId(org.id.0)))? {
                continue;
            }
            let here = |id: &DbId| OrgId(id.0) == org.id;
            let granted: Vec<_> =
                grants.iter().filter(|(of, _)| here(of)).map(|(_, granted)| granted.clone()).collect();
            let requires_two_factor = roles.iter().any(|(of, _, requires)| here(of) && *requires);
            found.push(MembershipOf {
                is_unclaimed: sent_to.is_some(),
                requires_two_factor,
                lacks_two_factor: lacks && requires_two_factor,
                roles: roles.iter().filter(|(of, _, _)| here(of)).map(|(_, key, _)| key.clone()).collect(),
                permissions: together(&granted)?,
                locations: locations
                    .iter()
                    .filter(|(of, _)| here(of))
                    .map(|(_, id)| LocationId(id.0))
                    .collect(),
                org,
            });
        }
        Ok(found)
    }
}

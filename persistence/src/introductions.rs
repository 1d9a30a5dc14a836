//! As whom an organization knows somebody (R15).

use ::orgs::OrgId;
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::members::Members;
use crate::schema::{memberships, users};
use crate::sql_types::DbId;
use crate::texts::coalesce;
use crate::{StoreError, Tx};

/// What a person is called in an organization, where his membership in it is joined to his account, if there is one.
#[diesel::dsl::auto_type]
pub(crate) fn shown_name() -> _ {
    coalesce(memberships::introduced_name.nullable(), users::name)
}

/// The address under which he is known there.
#[diesel::dsl::auto_type]
pub(crate) fn shown_email() -> _ {
    coalesce(memberships::introduced_email.nullable(), users::email)
}

impl Tx<'_> {
    /// The name and address under which an organization knows a person, a member or not.
    pub(crate) fn shown_as(&mut self, org: OrgId, user: UserId) -> Result<(String, String), StoreError> {
        let here = memberships::user_id.eq(users::id).and(memberships::org_id.eq(DbId(org.0)));
        Ok(users::table
            .find(DbId(user.0))
            .left_join(memberships::table.on(here))
            .select((shown_name(), shown_email()))
            .first(self.conn)?)
    }
}

impl Members<'_, '_> {
    /// Shows the organization a member's own name and address from now on (R15). Returns whether that is new; their requests
    /// are indexed anew then.
    pub fn welcome(&mut self, user: UserId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let expected = memberships::table
            .find((DbId(self.org.0), DbId(user.0)))
            .filter(memberships::introduced_name.is_not_null());
        let welcomed = diesel::update(expected)
            .set((
                memberships::introduced_email.eq(None::<String>),
                memberships::introduced_name.eq(None::<String>),
            ))
            .execute(self.tx.conn)?;
        // Of two first requests at once, one has done it; whoever was removed meanwhile stays unknown.
        self.tx.sync_approvers_of_org(self.org, Some(user), now)?;
        Ok(welcomed == 1)
    }
}

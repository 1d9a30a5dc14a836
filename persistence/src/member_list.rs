use diesel::prelude::*;

use crate::connection::MultiBackend;
use crate::introductions::{shown_email, shown_name};
use crate::keyset::keyset;
use crate::members::{Member, Members, MembershipRow};
use crate::schema::{membership_roles, memberships, users};
use crate::sql_types::DbId;
use crate::texts::{lower, part_of};
use crate::user_directory::{UserPosition, UserSort, UserSortKey, in_order_of_accounts};
use crate::users::UserRow;
use crate::{Page, StoreError};

/// Which members are wanted.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// Part of the name or address, in lower case.
    pub text: Option<String>,
    /// Holders of this role.
    pub role: Option<String>,
    /// Suspended ones, or those that are not.
    pub is_active: Option<bool>,
}

impl Members<'_, '_> {
    /// A page of the members.
    pub fn list(
        &mut self,
        filter: &MemberFilter,
        sort: UserSort,
        page: Page<UserPosition>,
    ) -> Result<Vec<Member>, StoreError> {
        let mut query = memberships::table
            .inner_join(users::table)
            .filter(memberships::org_id.eq(DbId(self.org.0)))
            .limit(page.rows())
            .select((MembershipRow::as_select(), UserRow::as_select()))
            .into_boxed::<MultiBackend>();
        if let Some(is_active) = filter.is_active {
            query = query.filter(memberships::is_active.eq(is_active));
        }
        if let Some(role) = &filter.role {
            let holders = membership_roles::table
                .filter(membership_roles::org_id.eq(DbId(self.org.0)))
                .filter(membership_roles::role_key.eq(role.clone()))
                .select(membership_roles::user_id);
            query = query.filter(memberships::user_id.eq_any(holders));
        }
        if let Some(text) = &filter.text {
            let part = part_of(text);
            let name = lower(shown_name()).like(part.clone());
            let email = shown_email().like(part);
            query = query.filter(name.escape('\\').or(email.escape('\\')));
        }
        let shown = (memberships::created_at, shown_name(), shown_email());
        let rows = in_order_of_accounts!(query, sort, page.after.as_ref(), shown).load(self.tx.conn)?;
        self.with_roles_and_locations(rows)
    }
}

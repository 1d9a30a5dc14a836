use std::collections::BTreeMap;

use ::users::UserId;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::connection::MultiBackend;
use crate::introductions::{shown_email, shown_name};
use crate::keyset::{behind, keyset};
use crate::members::{Member, Members, MembershipRow, member_columns};
use crate::schema::{membership_roles, memberships, users};
use crate::sql_types::{DbId, DbTime};
use crate::texts::{lower, part_of};
use crate::user_directory::{UserPosition, UserSort, UserSortKey, in_order_of_accounts, split};
use crate::users::UserRow;
use crate::window::{Found, MOST_LISTED, MOST_LOOKED_AT, Source, Window};
use crate::{Page, StoreError};

type Condition = Box<dyn BoxableExpression<memberships::table, MultiBackend, SqlType = Bool>>;

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
    /// A page of the members. In the order in which they came, it looks at 5,000 of them where filters match few, and goes on
    /// behind [`Found::looked_until`].
    pub fn list(
        &mut self,
        filter: &MemberFilter,
        sort: UserSort,
        page: Page<UserPosition>,
    ) -> Result<Found<Member, UserPosition>, StoreError> {
        if sort.key != UserSortKey::CreatedAt {
            return self.list_by_shown(filter, sort, &page);
        }
        let (org, is_descending) = (DbId(self.org.0), sort.is_descending);
        let after = split(page.after.as_ref()).0;
        let here = || memberships::table.filter(memberships::org_id.eq(org)).into_boxed::<MultiBackend>();
        let walked =
            || keyset!(here(), || memberships::created_at, || memberships::user_id, is_descending, after);
        let mut conditions = asked(filter);
        let few = self.few_holders(filter)?;
        let (source, order) = match &few {
            Some(ids) => {
                let column = (memberships::created_at, memberships::user_id);
                conditions
                    .extend(after.map(|at| -> Condition { Box::new(behind(column, at, is_descending)) }));
                let source = Source::of_ids(self.tx.conn, ("memberships", "user_id"), org, ids, || {
                    here().filter(memberships::user_id.eq_any(ids.clone())).limit(MOST_LISTED)
                });
                (source, Some(("created_at", "user_id", is_descending)))
            }
            None => (Source::Walked(walked().limit(MOST_LOOKED_AT)), None),
        };
        let columns = MembershipRow::as_select();
        let window = Window { columns, source, table: "memberships", conditions, order, limit: page.rows() };
        let rows: Vec<MembershipRow> = window.load(self.tx.conn)?;
        let is_short = i64::try_from(rows.len()).unwrap_or(i64::MAX) < page.rows();
        let end: Option<(DbTime, DbId)> = match is_short && few.is_none() {
            true => walked()
                .offset(MOST_LOOKED_AT - 1)
                .limit(1)
                .select((memberships::created_at, memberships::user_id))
                .first(self.tx.conn)
                .optional()?,
            false => None,
        };
        let ids: Vec<DbId> = rows.iter().map(MembershipRow::user).collect();
        let accounts: Vec<(DbId, (UserRow, Option<DbId>))> = users::table
            .filter(users::id.eq_any(ids))
            .select((users::id, (UserRow::as_select(), users::home_org_id)))
            .load(self.tx.conn)?;
        let mut accounts: BTreeMap<DbId, _> = accounts.into_iter().collect();
        let with_account =
            |row: MembershipRow| accounts.remove(&row.user()).map(|(account, home)| (row, account, home));
        let rows = self.with_roles_and_locations(rows.into_iter().filter_map(with_account).collect())?;
        Ok(Found { rows, looked_until: end.map(|(at, id)| UserPosition::At(at.0, UserId(id.0))) })
    }

    /// By the name or address that the organization knows, which no column has.
    fn list_by_shown(
        &mut self,
        filter: &MemberFilter,
        sort: UserSort,
        page: &Page<UserPosition>,
    ) -> Result<Found<Member, UserPosition>, StoreError> {
        let mut query = memberships::table
            .inner_join(users::table)
            .filter(memberships::org_id.eq(DbId(self.org.0)))
            .limit(page.rows())
            .select(member_columns())
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
        Ok(Found { rows: self.with_roles_and_locations(rows)?, looked_until: None })
    }

    /// Those who hold the wanted role, if they are few.
    fn few_holders(&mut self, filter: &MemberFilter) -> Result<Option<Vec<DbId>>, StoreError> {
        let Some(role) = &filter.role else { return Ok(None) };
        let ids: Vec<DbId> = membership_roles::table
            .filter(membership_roles::org_id.eq(DbId(self.org.0)))
            .filter(membership_roles::role_key.eq(role.clone()))
            .order(membership_roles::user_id)
            .select(membership_roles::user_id)
            .limit(MOST_LISTED + 1)
            .load(self.tx.conn)?;
        Ok(i64::try_from(ids.len()).is_ok_and(|count| count <= MOST_LISTED).then_some(ids))
    }
}

/// What the filter asks of a membership.
fn asked(filter: &MemberFilter) -> Vec<Condition> {
    let mut all = Vec::<Condition>::new();
    if let Some(is_active) = filter.is_active {
        all.push(Box::new(memberships::is_active.eq(is_active)));
    }
    if let Some(role) = &filter.role {
        let held = membership_roles::table
            .filter(membership_roles::org_id.eq(memberships::org_id))
            .filter(membership_roles::user_id.eq(memberships::user_id))
            .filter(membership_roles::role_key.eq(role.clone()));
        all.push(Box::new(exists(held)));
    }
    if let Some(text) = &filter.text {
        let part = part_of(text);
        let name = lower(shown_name()).like(part.clone());
        let email = shown_email().like(part);
        let person = users::table
            .filter(users::id.eq(memberships::user_id))
            .filter(name.escape('\\').or(email.escape('\\')));
        all.push(Box::new(exists(person)));
    }
    all
}

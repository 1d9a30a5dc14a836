use std::collections::BTreeMap;

use ::users::UserId;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::accounts::user_directory::{UserPosition, UserSort, UserSortKey, split};
use crate::accounts::users::UserRow;
use crate::db::connection::MultiBackend;
use crate::db::keyset::{self, keyset};
use crate::db::schema::{membership_roles, memberships, users};
use crate::db::sql_types::{DbId, DbTime};
use crate::db::texts::{contains_pattern, lower};
use crate::db::window::{Found, MAX_IDS_PER_STATEMENT, MAX_SCANNED_ROWS, Source, Window, repeated};
use crate::members::memberships::{Member, Members, MembershipRow};
use crate::{Page, StoreError};

type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, memberships::table, MultiBackend>;
type Condition = Box<dyn BoxableExpression<memberships::table, MultiBackend, SqlType = Bool>>;

/// Which members are selected.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// Part of the name or address, in lower case.
    pub text: Option<String>,
    /// Holders of this role.
    pub role: Option<String>,
    /// Only suspended ones, or only others.
    pub is_active: Option<bool>,
}

impl Members<'_, '_> {
    /// A page of the members. Without an index for the filters, it scans 5,000 of them, and continues after
    /// [`Found::scanned_until`].
    pub fn list(
        &mut self,
        filter: &MemberFilter,
        sort: UserSort,
        page: Page<UserPosition>,
    ) -> Result<Found<Member, UserPosition>, StoreError> {
        let (org, after) = (DbId(self.org.0), page.after.as_ref());
        let here = || memberships::table.filter(memberships::org_id.eq(org)).into_boxed::<MultiBackend>();
        let ordered_rows = || in_order(here(), sort, after);
        let mut conditions = filter_conditions(filter);
        let few = self.few_holders(filter)?;
        let (source, order) = match &few {
            Some(ids) => {
                conditions.extend(behind(sort, after));
                let source = Source::of_ids(self.tx.conn, ("memberships", "user_id"), org, ids, || {
                    here().filter(memberships::user_id.eq_any(ids.clone())).limit(MAX_IDS_PER_STATEMENT)
                });
                (source, Some((column(sort.key), "user_id", sort.is_descending)))
            }
            None => {
                let order = repeated(self.tx.conn, column(sort.key), "user_id", sort.is_descending);
                (Source::Limited(ordered_rows().limit(MAX_SCANNED_ROWS)), order)
            }
        };
        let columns = MembershipRow::as_select();
        let window = Window { columns, source, table: "memberships", conditions, order, limit: page.rows() };
        let rows: Vec<MembershipRow> = window.load(self.tx.conn)?;
        let is_short = i64::try_from(rows.len()).unwrap_or(i64::MAX) < page.rows();
        let scanned_until = match is_short && few.is_none() {
            true => self.place_of_member(ordered_rows().offset(MAX_SCANNED_ROWS - 1).limit(1), sort)?,
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
        Ok(Found { rows, scanned_until })
    }

    fn place_of_member(
        &mut self,
        row: Boxed<'_>,
        sort: UserSort,
    ) -> Result<Option<UserPosition>, StoreError> {
        let at = |(at, id): (DbTime, DbId)| UserPosition::At(at.0, UserId(id.0));
        let text = |(text, id): (String, DbId)| UserPosition::Text(text, UserId(id.0));
        let conn = &mut *self.tx.conn;
        Ok(match sort.key {
            UserSortKey::CreatedAt => {
                row.select((memberships::created_at, memberships::user_id)).first(conn).optional()?.map(at)
            }
            UserSortKey::Name => {
                row.select((memberships::shown_name, memberships::user_id)).first(conn).optional()?.map(text)
            }
            UserSortKey::Email => {
                row.select((memberships::shown_email, memberships::user_id)).first(conn).optional()?.map(text)
            }
        })
    }

    /// The holders of the role, if they are few.
    fn few_holders(&mut self, filter: &MemberFilter) -> Result<Option<Vec<DbId>>, StoreError> {
        let Some(role) = &filter.role else { return Ok(None) };
        let ids: Vec<DbId> = membership_roles::table
            .filter(membership_roles::org_id.eq(DbId(self.org.0)))
            .filter(membership_roles::role_key.eq(role.clone()))
            .order(membership_roles::user_id)
            .select(membership_roles::user_id)
            .limit(MAX_IDS_PER_STATEMENT + 1)
            .load(self.tx.conn)?;
        Ok(i64::try_from(ids.len()).is_ok_and(|count| count <= MAX_IDS_PER_STATEMENT).then_some(ids))
    }
}

/// The conditions on a membership.
fn filter_conditions(filter: &MemberFilter) -> Vec<Condition> {
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
        let part = contains_pattern(text);
        let name = lower(memberships::shown_name).like(part.clone()).escape('\\');
        all.push(Box::new(name.or(memberships::shown_email.like(part).escape('\\'))));
    }
    all
}

fn column(key: UserSortKey) -> &'static str {
    match key {
        UserSortKey::CreatedAt => "created_at",
        UserSortKey::Name => "shown_name",
        UserSortKey::Email => "shown_email",
    }
}

fn in_order<'a>(query: Boxed<'a>, sort: UserSort, after: Option<&UserPosition>) -> Boxed<'a> {
    let (at, text) = split(after);
    let (id, is_descending) = (|| memberships::user_id, sort.is_descending);
    match sort.key {
        UserSortKey::CreatedAt => keyset!(query, || memberships::created_at, id, is_descending, at),
        UserSortKey::Name => keyset!(query, || memberships::shown_name, id, is_descending, text),
        UserSortKey::Email => keyset!(query, || memberships::shown_email, id, is_descending, text),
    }
}

/// The rows after a position.
fn behind(sort: UserSort, after: Option<&UserPosition>) -> Option<Condition> {
    let ((at, text), id) = (split(after), memberships::user_id);
    let is_descending = sort.is_descending;
    Some(match sort.key {
        UserSortKey::CreatedAt => Box::new(keyset::behind((memberships::created_at, id), at?, is_descending)),
        UserSortKey::Name => Box::new(keyset::behind((memberships::shown_name, id), text?, is_descending)),
        UserSortKey::Email => Box::new(keyset::behind((memberships::shown_email, id), text?, is_descending)),
    })
}

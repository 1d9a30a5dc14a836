use std::collections::BTreeSet;

use ::orgs::OrgId;
use ::roles::{PlatformRole, RoleKey, ShownMember};
use ::users::{Account, AccountStatus, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::accounts::users::UserRow;
use crate::db::connection::MultiBackend;
use crate::db::keyset;
use crate::db::schema::{membership_roles, memberships, platform_roles, users};
use crate::db::sql_types::{DbId, DbTime};
use crate::db::texts::{contains_pattern, lower};
use crate::db::window::{Found, MAX_SCANNED_ROWS, Window, repeated};
use crate::{Page, StoreError, Tx};

/// Which accounts are selected; all conditions have to hold.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Part of the name or address.
    pub text: Option<String>,
    /// Exactly this address, in lower case.
    pub email: Option<String>,
    /// With this status.
    pub status: Option<AccountStatus>,
    /// Members of this organization.
    pub org: Option<OrgId>,
    /// Holders of this platform role.
    pub platform_role: Option<PlatformRole>,
}

/// The sort key of the directory; equal rows are sorted by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserSortKey {
    /// Time of the account's creation.
    CreatedAt,
    /// The name.
    Name,
    /// The address.
    Email,
}

impl UserSortKey {
    /// All values.
    pub const ALL: [Self; 3] = [Self::CreatedAt, Self::Name, Self::Email];

    fn column(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::Name => "name",
            Self::Email => "email",
        }
    }
}

/// The order of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserSort {
    /// The sort key.
    pub key: UserSortKey,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// The last row of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserPosition {
    /// Sorted by a time.
    At(DateTime<Utc>, UserId),
    /// Sorted by a text.
    Text(String, UserId),
}

/// An account as the directory shows it.
#[derive(Debug, Clone)]
pub struct ListedUser {
    /// The account.
    pub account: Account,
    /// Its platform roles.
    pub platform_roles: BTreeSet<PlatformRole>,
    /// Its memberships: the organizations, with the roles there.
    pub memberships: Vec<(OrgId, BTreeSet<RoleKey>)>,
}

impl UserSort {
    /// The position of a person in a list of this order, who joined at `created_at` and is shown like this.
    pub fn position(self, id: UserId, known: ShownMember<'_>, created_at: DateTime<Utc>) -> UserPosition {
        match self.key {
            UserSortKey::CreatedAt => UserPosition::At(created_at, id),
            UserSortKey::Name => UserPosition::Text(known.name().as_str().to_owned(), id),
            UserSortKey::Email => UserPosition::Text(known.email().as_str().to_owned(), id),
        }
    }
}

type After<T> = Option<(T, DbId)>;

pub(crate) fn split(position: Option<&UserPosition>) -> (After<DbTime>, After<String>) {
    match position {
        None => (None, None),
        Some(UserPosition::At(at, id)) => (Some((DbTime(*at), DbId(id.0))), None),
        Some(UserPosition::Text(text, id)) => (None, Some((text.clone(), DbId(id.0)))),
    }
}

type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, users::table, MultiBackend>;
type Condition = Box<dyn BoxableExpression<users::table, MultiBackend, SqlType = Bool>>;

/// Up to this many people are looked up and sorted; more are found in the order of all accounts.
const FEW: i64 = 1_000;

impl Tx<'_> {
    /// A page of the accounts of the platform. Without an index for the filters, it scans 5,000 of them, and
    /// continues after [`Found::scanned_until`].
    pub fn list_users(
        &mut self,
        filter: &UserFilter,
        sort: UserSort,
        page: Page<UserPosition>,
    ) -> Result<Found<ListedUser, UserPosition>, StoreError> {
        let few = self.few_users(filter)?;
        let ordered_rows = || ordered_rows(filter, sort, page.after.as_ref());
        let (source, has_order) = match (&filter.email, &few) {
            (Some(email), _) => {
                (users::table.filter(users::email.eq(email.clone())).into_boxed().limit(1), false)
            }
            (None, Some(ids)) => {
                (users::table.filter(users::id.eq_any(ids.clone())).into_boxed().limit(FEW + 1), false)
            }
            (None, None) => (ordered_rows().limit(MAX_SCANNED_ROWS), true),
        };
        let mut conditions = filter_conditions(filter, few.is_some());
        conditions.extend(behind(sort, page.after.as_ref()).filter(|_| !has_order));
        let window = Window {
            columns: UserRow::as_select(),
            source,
            table: "users",
            conditions,
            order: match has_order {
                true => repeated(self.conn, sort.key.column(), "id", sort.is_descending),
                false => Some((sort.key.column(), "id", sort.is_descending)),
            },
            limit: page.rows(),
        };
        let rows: Vec<UserRow> = window.load(self.conn)?;
        let is_short = i64::try_from(rows.len()).unwrap_or(i64::MAX) < page.rows();
        let accounts: Result<Vec<Account>, StoreError> = rows.into_iter().map(Account::try_from).collect();
        let rows = self.listed(accounts?)?;
        let scanned_until = match is_short && has_order {
            true => self.place_of_user(ordered_rows().offset(MAX_SCANNED_ROWS - 1).limit(1), sort)?,
            false => None,
        };
        Ok(Found { rows, scanned_until })
    }

    /// The accounts of an organization or a platform role in the filter, if they are few. In the order of an
    /// index: otherwise PostgreSQL would scan the table, expecting to find enough of them soon.
    fn few_users(&mut self, filter: &UserFilter) -> Result<Option<Vec<DbId>>, StoreError> {
        let ids: Vec<DbId> = if let Some(role) = filter.platform_role {
            platform_roles::table
                .filter(platform_roles::role_key.eq(role.as_str()))
                .order(platform_roles::user_id)
                .select(platform_roles::user_id)
                .limit(FEW + 1)
                .load(self.conn)?
        } else if let Some(org) = filter.org {
            memberships::table
                .filter(memberships::org_id.eq(DbId(org.0)))
                .order(memberships::user_id)
                .select(memberships::user_id)
                .limit(FEW + 1)
                .load(self.conn)?
        } else {
            return Ok(None);
        };
        let is_few = i64::try_from(ids.len()).is_ok_and(|count| count <= FEW);
        Ok(is_few.then_some(ids))
    }

    fn place_of_user(&mut self, row: Boxed<'_>, sort: UserSort) -> Result<Option<UserPosition>, StoreError> {
        let at = |(at, id): (DbTime, DbId)| UserPosition::At(at.0, UserId(id.0));
        let text = |(text, id): (String, DbId)| UserPosition::Text(text, UserId(id.0));
        Ok(match sort.key {
            UserSortKey::CreatedAt => {
                row.select((users::created_at, users::id)).first(self.conn).optional()?.map(at)
            }
            UserSortKey::Name => row.select((users::name, users::id)).first(self.conn).optional()?.map(text),
            UserSortKey::Email => {
                row.select((users::email, users::id)).first(self.conn).optional()?.map(text)
            }
        })
    }

    /// An account as the directory shows it.
    pub fn listed_user(&mut self, account: Account) -> Result<ListedUser, StoreError> {
        self.listed(vec![account])?.pop().ok_or(StoreError::Corrupt("users"))
    }

    fn listed(&mut self, accounts: Vec<Account>) -> Result<Vec<ListedUser>, StoreError> {
        let ids: Vec<DbId> = accounts.iter().map(|account| DbId(account.id.0)).collect();
        let roles: Vec<(DbId, String)> = platform_roles::table
            .filter(platform_roles::user_id.eq_any(ids.clone()))
            .select((platform_roles::user_id, platform_roles::role_key))
            .load(self.conn)?;
        let belongs: Vec<(DbId, DbId)> = memberships::table
            .filter(memberships::user_id.eq_any(ids.clone()))
            .order((memberships::user_id, memberships::org_id))
            .select((memberships::user_id, memberships::org_id))
            .load(self.conn)?;
        let keys: Vec<(DbId, DbId, String)> = membership_roles::table
            .filter(membership_roles::user_id.eq_any(ids))
            .select((membership_roles::user_id, membership_roles::org_id, membership_roles::role_key))
            .load(self.conn)?;
        let listed = |account: Account| {
            let id = DbId(account.id.0);
            let roles_in = |org: DbId| {
                keys.iter()
                    .filter(|(of, at, _)| *of == id && *at == org)
                    .filter_map(|(_, _, key)| RoleKey::parse(key))
                    .collect()
            };
            ListedUser {
                account,
                platform_roles: roles
                    .iter()
                    .filter(|(of, _)| *of == id)
                    .filter_map(|(_, key)| PlatformRole::parse(key))
                    .collect(),
                memberships: belongs
                    .iter()
                    .filter(|(of, _)| *of == id)
                    .map(|(_, org)| (OrgId(org.0), roles_in(*org)))
                    .collect(),
            }
        };
        Ok(accounts.into_iter().map(listed).collect())
    }
}

/// The accounts in an order, those of one status if it is given, from a position on.
fn ordered_rows<'a>(filter: &UserFilter, sort: UserSort, after: Option<&UserPosition>) -> Boxed<'a> {
    let mut query = users::table.into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(users::status.eq(status.as_str()));
    }
    if let Some(behind) = behind(sort, after) {
        query = query.filter(behind);
    }
    match (sort.key, sort.is_descending) {
        (UserSortKey::CreatedAt, true) => query.order((users::created_at.desc(), users::id.desc())),
        (UserSortKey::CreatedAt, false) => query.order((users::created_at, users::id)),
        (UserSortKey::Name, true) => query.order((users::name.desc(), users::id.desc())),
        (UserSortKey::Name, false) => query.order((users::name, users::id)),
        (UserSortKey::Email, true) => query.order((users::email.desc(), users::id.desc())),
        (UserSortKey::Email, false) => query.order((users::email, users::id)),
    }
}

fn behind(sort: UserSort, after: Option<&UserPosition>) -> Option<Condition> {
    let (at, text) = split(after);
    let is_descending = sort.is_descending;
    Some(match sort.key {
        UserSortKey::CreatedAt => {
            Box::new(keyset::behind((users::created_at, users::id), at?, is_descending))
        }
        UserSortKey::Name => Box::new(keyset::behind((users::name, users::id), text?, is_descending)),
        UserSortKey::Email => Box::new(keyset::behind((users::email, users::id), text?, is_descending)),
    })
}

/// The conditions on each account, except that it is not being purged; those that select `few` people are not
/// repeated.
fn filter_conditions(filter: &UserFilter, names_few: bool) -> Vec<Condition> {
    let mut all: Vec<Condition> = vec![Box::new(users::purge_started_at.is_null())];
    if let Some(text) = &filter.text {
        let part = contains_pattern(text);
        let name = lower(users::name).like(part.clone()).escape('\\');
        all.push(Box::new(name.or(users::email.like(part).escape('\\'))));
    }
    if let Some(email) = &filter.email {
        all.push(Box::new(users::email.eq(email.clone())));
    }
    if let Some(status) = filter.status {
        all.push(Box::new(users::status.eq(status.as_str())));
    }
    let by_role = filter.platform_role.is_some();
    if let Some(org) = filter.org.filter(|_| !names_few || by_role) {
        let here = memberships::table
            .filter(memberships::org_id.eq(DbId(org.0)))
            .filter(memberships::user_id.eq(users::id));
        all.push(Box::new(exists(here)));
    }
    if let Some(role) = filter.platform_role.filter(|_| !names_few) {
        let held = platform_roles::table
            .filter(platform_roles::user_id.eq(users::id))
            .filter(platform_roles::role_key.eq(role.as_str()));
        all.push(Box::new(exists(held)));
    }
    all
}

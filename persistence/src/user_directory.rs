use std::collections::BTreeSet;

use ::orgs::OrgId;
use ::roles::{Known, PlatformRole, RoleKey};
use ::users::{Account, AccountStatus, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::connection::MultiBackend;
use crate::keyset::keyset;
use crate::schema::{membership_roles, memberships, platform_roles, users};
use crate::sql_types::{DbId, DbTime};
use crate::texts::{lower, part_of};
use crate::users::UserRow;
use crate::{Page, StoreError, Tx};

/// Which accounts are wanted; everything given has to hold.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    /// Part of the name or address.
    pub text: Option<String>,
    /// Exactly this address, folded.
    pub email: Option<String>,
    /// In this status.
    pub status: Option<AccountStatus>,
    /// Members of this organization.
    pub org: Option<OrgId>,
    /// Holders of this platform role.
    pub platform_role: Option<PlatformRole>,
}

/// What the directory is sorted by; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserSortKey {
    /// When the account was made.
    CreatedAt,
    /// The name.
    Name,
    /// The address.
    Email,
}

/// The order of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserSort {
    /// By what.
    pub key: UserSortKey,
    /// The greatest first.
    pub is_descending: bool,
}

/// Where a page of the directory ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserPosition {
    /// Sorted by an instant.
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
    /// The organizations that it belongs to, with the roles there.
    pub memberships: Vec<(OrgId, BTreeSet<RoleKey>)>,
}

impl UserSort {
    /// The place of somebody in a list of this order, who came at `created_at` and is shown as this.
    pub fn position(self, id: UserId, known: Known<'_>, created_at: DateTime<Utc>) -> UserPosition {
        match self.key {
            UserSortKey::CreatedAt => UserPosition::At(created_at, id),
            UserSortKey::Name => UserPosition::Text(known.name().as_str().to_owned(), id),
            UserSortKey::Email => UserPosition::Text(known.email().as_str().to_owned(), id),
        }
    }
}

/// The accounts of a query in an order, from a position on. When each came, and the name and address that are shown, are expressions:
/// made by hand for each, since their types differ.
macro_rules! in_order_of_accounts {
    ($query:expr, $sort:expr, $after:expr, $shown:expr) => {{
        let (at, text) = $crate::user_directory::split($after);
        let (id, is_descending) = (|| users::id, $sort.is_descending);
        let (created_at, name, email) = $shown;
        match $sort.key {
            UserSortKey::CreatedAt => keyset!($query, || created_at, id, is_descending, at),
            UserSortKey::Name => keyset!($query, || name, id, is_descending, text),
            UserSortKey::Email => keyset!($query, || email, id, is_descending, text),
        }
    }};
}
pub(crate) use in_order_of_accounts;

type After<T> = Option<(T, DbId)>;

pub(crate) fn split(position: Option<&UserPosition>) -> (After<DbTime>, After<String>) {
    match position {
        None => (None, None),
        Some(UserPosition::At(at, id)) => (Some((DbTime(*at), DbId(id.0))), None),
        Some(UserPosition::Text(text, id)) => (None, Some((text.clone(), DbId(id.0)))),
    }
}

type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, users::table, MultiBackend>;

impl Tx<'_> {
    /// A page of the accounts of the installation.
    pub fn list_users(
        &mut self,
        filter: &UserFilter,
        sort: UserSort,
        page: Page<UserPosition>,
    ) -> Result<Vec<ListedUser>, StoreError> {
        let query = narrowed(users::table.into_boxed(), filter);
        let shown = (users::created_at, users::name, users::email);
        let query = in_order_of_accounts!(query, sort, page.after.as_ref(), shown).limit(page.rows());
        let rows: Vec<UserRow> = query.select(UserRow::as_select()).load(self.conn)?;
        let accounts: Result<Vec<Account>, StoreError> = rows.into_iter().map(Account::try_from).collect();
        self.listed(accounts?)
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

fn narrowed<'a>(mut query: Boxed<'a>, filter: &UserFilter) -> Boxed<'a> {
    if let Some(text) = &filter.text {
        let part = part_of(text);
        query = query.filter(
            lower(users::name).like(part.clone()).escape('\\').or(users::email.like(part).escape('\\')),
        );
    }
    if let Some(email) = &filter.email {
        query = query.filter(users::email.eq(email.clone()));
    }
    if let Some(status) = filter.status {
        query = query.filter(users::status.eq(status.as_str()));
    }
    if let Some(org) = filter.org {
        let members =
            memberships::table.filter(memberships::org_id.eq(DbId(org.0))).select(memberships::user_id);
        query = query.filter(users::id.eq_any(members));
    }
    if let Some(role) = filter.platform_role {
        let holders = platform_roles::table
            .filter(platform_roles::role_key.eq(role.as_str()))
            .select(platform_roles::user_id);
        query = query.filter(users::id.eq_any(holders));
    }
    query
}

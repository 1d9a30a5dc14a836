use std::collections::{BTreeMap, BTreeSet};

use ::orgs::OrgId;
use ::roles::{PlatformPermission, PlatformRole};
use ::users::{
    Account, AccountStatus, AddressProof, EmailAddress, PersonName, ScheduledDeletion, Suspension, UserId,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::connection::{AnyConnection, MultiBackend};
use crate::db::guarded_update::one_row;
use crate::db::keyset::behind;
use crate::db::schema::{platform_roles, users};
use crate::db::sql_types::{DbId, DbTime, UuidColumn};
use crate::{StoreError, Tx};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub(crate) struct UserRow {
    id: DbId,
    email: String,
    name: String,
    locale: String,
    status: String,
    created_at: DbTime,
    updated_at: DbTime,
    time_zone: String,
    locked_until: Option<DbTime>,
    suspension_reason: Option<String>,
    suspended_until: Option<DbTime>,
    status_before_deletion: Option<String>,
    deletion_due_at: Option<DbTime>,
    temporary_password_until: Option<DbTime>,
    version: i64,
    invited_at: Option<DbTime>,
    address_proved_at: Option<DbTime>,
    address_proof_ended_at: Option<DbTime>,
    deletion_started_at: Option<DbTime>,
}

impl TryFrom<UserRow> for Account {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let status = |word: &str| AccountStatus::parse(word).ok_or(StoreError::Corrupt("users.status"));
        let suspension = row
            .suspension_reason
            .map(|reason| Suspension { reason, until: row.suspended_until.map(|t| t.0) });
        let deletion = match (row.status_before_deletion, row.deletion_due_at) {
            (Some(from), Some(due_at)) => Some(ScheduledDeletion {
                from: status(&from)?,
                due_at: due_at.0,
                started_at: row.deletion_started_at.map(|at| at.0),
            }),
            _ => None,
        };
        Ok(Self {
            id: UserId(row.id.0),
            email: EmailAddress::parse(&row.email).map_err(|_| StoreError::Corrupt("users.email"))?,
            address_proof: match (row.address_proved_at, row.address_proof_ended_at) {
                (None, _) => AddressProof::Never,
                (Some(at), None) => AddressProof::Held(at.0),
                (Some(at), Some(end)) => AddressProof::Ended { proved_at: at.0, ended_at: end.0 },
            },
            name: PersonName::stored(&row.name).map_err(|_| StoreError::Corrupt("users.name"))?,
            locale: row.locale,
            time_zone: row.time_zone,
            status: status(&row.status)?,
            created_at: row.created_at.0,
            invited_at: row.invited_at.map(|t| t.0),
            locked_until: row.locked_until.map(|t| t.0),
            suspension,
            deletion,
            temporary_password_until: row.temporary_password_until.map(|t| t.0),
            updated_at: row.updated_at.0,
            version: row.version,
        })
    }
}

impl From<&Account> for UserRow {
    fn from(account: &Account) -> Self {
        let (proved_at, proof_ended_at) = match account.address_proof {
            AddressProof::Never => (None, None),
            AddressProof::Held(at) => (Some(at), None),
            AddressProof::Ended { proved_at, ended_at } => (Some(proved_at), Some(ended_at)),
        };
        Self {
            id: DbId(account.id.0),
            email: account.email.as_str().to_owned(),
            name: account.name.as_str().to_owned(),
            locale: account.locale.clone(),
            status: account.status.as_str().to_owned(),
            created_at: DbTime(account.created_at),
            updated_at: DbTime(account.updated_at),
            time_zone: account.time_zone.clone(),
            locked_until: account.locked_until.map(DbTime),
            suspension_reason: account.suspension.as_ref().map(|s| s.reason.clone()),
            suspended_until: account.suspension.as_ref().and_then(|s| s.until).map(DbTime),
            status_before_deletion: account.deletion.as_ref().map(|d| d.from.as_str().to_owned()),
            deletion_due_at: account.deletion.as_ref().map(|d| DbTime(d.due_at)),
            temporary_password_until: account.temporary_password_until.map(DbTime),
            version: account.version,
            invited_at: account.invited_at.map(DbTime),
            address_proved_at: proved_at.map(DbTime),
            address_proof_ended_at: proof_ended_at.map(DbTime),
            deletion_started_at: account.deletion.as_ref().and_then(|d| d.started_at).map(DbTime),
        }
    }
}

pub(crate) fn due_in_order(rows: Vec<(DbTime, DbId)>) -> Vec<(DateTime<Utc>, UserId)> {
    rows.into_iter().map(|(at, id)| (at.0, UserId(id.0))).collect()
}

impl Tx<'_> {
    /// Adds an account, with the hash of its password if it has one already.
    pub fn add_account(&mut self, account: &Account, password_hash: Option<&str>) -> Result<(), StoreError> {
        let row = (UserRow::from(account), users::password_hash.eq(password_hash));
        diesel::insert_into(users::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The account with this address, unless it is being purged.
    pub fn account_by_email(&mut self, email: &EmailAddress) -> Result<Option<Account>, StoreError> {
        let row = users::table
            .filter(users::email.eq(email.as_str()))
            .filter(users::purge_started_at.is_null())
            .select(UserRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// The account with this id, unless it is being purged.
    pub fn account(&mut self, id: UserId) -> Result<Option<Account>, StoreError> {
        let row = users::table
            .find(DbId(id.0))
            .filter(users::purge_started_at.is_null())
            .select(UserRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(Account::try_from).transpose()
    }

    /// The names of these people.
    pub fn names_of(&mut self, ids: &BTreeSet<UserId>) -> Result<BTreeMap<UserId, String>, StoreError> {
        let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
        let rows: Vec<(DbId, String)> =
            users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(self.conn)?;
        Ok(rows.into_iter().map(|(id, name)| (UserId(id.0), name)).collect())
    }

    /// The hash of the account's password, if it has one.
    pub fn password_hash(&mut self, id: UserId) -> Result<Option<String>, StoreError> {
        Ok(users::table.find(DbId(id.0)).select(users::password_hash).first(self.conn).optional()?.flatten())
    }

    /// Saves an account with its next version, and its name and address in the memberships that show them.
    /// Returns `Stale` if the account changed since it was loaded.
    pub fn save_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let row = UserRow { version: account.version + 1, ..UserRow::from(account) };
        let unchanged = || users::table.find(DbId(account.id.0)).filter(users::version.eq(account.version));
        let before: Option<(String, String)> =
            unchanged().select((users::name, users::email)).first(self.conn).optional()?;
        one_row(diesel::update(unchanged()).set(row).execute(self.conn)?)?;
        match before {
            Some((name, email)) if name == account.name.as_str() && email == account.email.as_str() => Ok(()),
            _ => self.show_account(account),
        }
    }

    /// Saves a new hash of the same or another password.
    pub fn save_password_hash(&mut self, id: UserId, hash: &str) -> Result<(), StoreError> {
        diesel::update(users::table.find(DbId(id.0)))
            .set(users::password_hash.eq(hash))
            .execute(self.conn)?;
        Ok(())
    }

    /// Grants a platform role.
    pub fn add_platform_role(
        &mut self,
        user: UserId,
        role: PlatformRole,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = (platform_roles::user_id.eq(DbId(user.0)), platform_roles::role_key.eq(role.as_str()));
        diesel::insert_into(platform_roles::table).values(row).execute(self.conn)?;
        self.sync_approvers_of_platform(user, now)?;
        self.touch_account(user, now)
    }

    /// Revokes a platform role; returns whether it was there.
    pub fn remove_platform_role(
        &mut self,
        user: UserId,
        role: PlatformRole,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let row = platform_roles::table.find((DbId(user.0), role.as_str()));
        let was_there = diesel::delete(row).execute(self.conn)? == 1;
        self.sync_approvers_of_platform(user, now)?;
        self.touch_account(user, now)?;
        Ok(was_there)
    }

    /// Records that something about an account changed that is saved elsewhere (S003-29).
    pub fn touch_account(&mut self, id: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(users::table.find(DbId(id.0)))
            .set(users::updated_at.eq(DbTime(now)))
            .execute(self.conn)?;
        Ok(())
    }

    /// A person's platform roles.
    pub fn platform_roles(&mut self, user: UserId) -> Result<BTreeSet<PlatformRole>, StoreError> {
        let keys: Vec<String> = platform_roles::table
            .filter(platform_roles::user_id.eq(DbId(user.0)))
            .select(platform_roles::role_key)
            .load(self.conn)?;
        Ok(keys.iter().filter_map(|key| PlatformRole::parse(key)).collect())
    }

    /// What a person's platform roles grant, each permission once.
    pub fn platform_permissions(&mut self, user: UserId) -> Result<Vec<PlatformPermission>, StoreError> {
        let roles = self.platform_roles(user)?;
        let granted: BTreeSet<_> = roles.into_iter().flat_map(PlatformRole::grants).collect();
        Ok(granted.into_iter().collect())
    }

    /// The people in one of these statuses who hold one of these platform roles, except one person.
    pub fn holders_of(
        &mut self,
        roles: &[PlatformRole],
        statuses: &[AccountStatus],
        but: UserId,
    ) -> Result<Vec<UserId>, StoreError> {
        let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        let statuses: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
        let ids: Vec<DbId> = platform_roles::table
            .inner_join(users::table.on(users::id.eq(platform_roles::user_id)))
            .filter(platform_roles::role_key.eq_any(words))
            .filter(platform_roles::user_id.ne(DbId(but.0)))
            .filter(users::status.eq_any(statuses))
            .select(platform_roles::user_id)
            .distinct()
            .load(self.conn)?;
        Ok(ids.into_iter().map(|id| UserId(id.0)).collect())
    }

    /// Accounts whose suspension has ended and is not lifted yet, by its end, after a position.
    pub fn accounts_to_lift(
        &mut self,
        now: DateTime<Utc>,
        after: Option<(DateTime<Utc>, UserId)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, UserId)>, StoreError> {
        let until = users::suspended_until.assume_not_null();
        let due = users::table
            .filter(users::suspended_until.le(DbTime(now)))
            .filter(users::status.eq(AccountStatus::Suspended.as_str()))
            .order((users::suspended_until, users::id))
            .limit(at_most)
            .select((until, users::id))
            .into_boxed::<MultiBackend>();
        let due = match after {
            Some((at, id)) => due.filter(behind((until, users::id), (DbTime(at), DbId(id.0)), false)),
            None => due,
        };
        Ok(due_in_order(due.load(self.conn)?))
    }

    /// Accounts whose deletion is due, by due time, after a position. Unreadable accounts are included: they do not block others.
    pub fn accounts_to_delete(
        &mut self,
        now: DateTime<Utc>,
        after: Option<(DateTime<Utc>, UserId)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, UserId)>, StoreError> {
        let due_at = users::deletion_due_at.assume_not_null();
        let due = users::table
            .filter(users::deletion_due_at.le(DbTime(now)))
            .order((users::deletion_due_at, users::id))
            .limit(at_most)
            .select((due_at, users::id))
            .into_boxed::<MultiBackend>();
        let due = match after {
            Some((at, id)) => due.filter(behind((due_at, users::id), (DbTime(at), DbId(id.0)), false)),
            None => due,
        };
        Ok(due_in_order(due.load(self.conn)?))
    }

    /// The organization that created the account, if one did.
    pub fn home_of(&mut self, id: UserId) -> Result<Option<OrgId>, StoreError> {
        let home: Option<Option<DbId>> =
            users::table.find(DbId(id.0)).select(users::home_org_id).first(self.conn).optional()?;
        Ok(home.flatten().map(|id| OrgId(id.0)))
    }

    /// Saves which organization manages an account.
    pub fn set_home(&mut self, id: UserId, org: OrgId, now: DateTime<Utc>) -> Result<(), StoreError> {
        diesel::update(users::table.find(DbId(id.0)))
            .set((users::home_org_id.eq(Some(DbId(org.0))), users::updated_at.eq(DbTime(now))))
            .execute(self.conn)?;
        Ok(())
    }

    /// Shared lock: changes of the account wait until the end of this transaction, and the other way round,
    /// so that a log-in and a suspension never miss each other.
    pub fn lock_account_shared(&mut self, id: UserId) -> Result<(), StoreError> {
        if let AnyConnection::Postgres(conn) = &mut *self.conn {
            diesel::sql_query("SELECT 1 FROM users WHERE id = $1 FOR SHARE")
                .bind::<UuidColumn, _>(DbId(id.0))
                .execute(conn)?;
        }
        Ok(())
    }

    /// Exclusive lock: other locks and changes of the account wait until the end of this transaction.
    pub fn lock_account(&mut self, id: UserId) -> Result<(), StoreError> {
        if let AnyConnection::Postgres(conn) = &mut *self.conn {
            diesel::sql_query("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE")
                .bind::<UuidColumn, _>(DbId(id.0))
                .execute(conn)?;
        }
        Ok(())
    }

    /// Makes the password of an account unusable.
    pub fn remove_password(&mut self, id: UserId) -> Result<(), StoreError> {
        diesel::update(users::table.find(DbId(id.0)))
            .set(users::password_hash.eq(None::<String>))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whether the platform has anybody with a platform role.
    pub fn has_platform_owner(&mut self) -> Result<bool, StoreError> {
        Ok(platform_roles::table
            .select(platform_roles::role_key)
            .first::<String>(self.conn)
            .optional()?
            .is_some())
    }

    /// Whether the platform has no account at all.
    pub fn is_empty(&mut self) -> Result<bool, StoreError> {
        Ok(users::table.select(users::id).first::<DbId>(self.conn).optional()?.is_none())
    }
}

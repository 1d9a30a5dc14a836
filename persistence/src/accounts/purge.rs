//! Deletion and purge of accounts, in transactions that each change a bounded number of rows, since all other
//! writes wait for them. Each step may be the last before a crash; the next one continues from there.

use ::users::{ACTS_FOR_OTHERS, Account, AccountStatus, EmailAddress, PurgeStarted, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::accounts::users::due_in_order;
use crate::db::connection::{AnyConnection, MultiBackend};
use crate::db::guarded_update::one_row;
use crate::db::keyset::behind;
use crate::db::schema::{account_events as events, invitations, users};
use crate::db::sql_types::{DbId, DbTime, UuidColumn};
use crate::{StoreError, Tx};

/// Maximum number of rows changed in one transaction.
pub const PURGE_BATCH_SIZE: usize = 500;

/// Data that there may be much of: the tables, and the condition for the account's rows.
const BELONGINGS: [(&str, &str); 7] = [
    ("refresh_tokens", "session_id IN (SELECT id FROM sessions WHERE user_id = ?1)"),
    ("sessions", "user_id = ?1"),
    ("one_time_tokens", "user_id = ?1"),
    ("idempotency_keys", "user_id = ?1"),
    ("mails", "user_id = ?1"),
    ("membership_requests", "user_id = ?1"),
    ("known_networks", "user_id = ?1"),
];

/// Data that there is little of. It decides what the account may do, so it is removed in the transaction that
/// deletes the account.
const RIGHTS: [(&str, &str); 6] = [
    ("platform_roles", "user_id = ?1"),
    ("two_factors", "user_id = ?1"),
    ("takeovers", "user_id = ?1"),
    ("mail_preferences", "user_id = ?1"),
    ("profiles", "user_id = ?1"),
    ("uploaders", "user_id = ?1"),
];

/// Data that remains with a deleted account until it is purged, beside its history.
const REMAINS: [(&str, &str); 3] =
    [("consents", "user_id = ?1"), ("approvals", "subject_id = ?1"), ("approvers", "user_id = ?1")];

/// Records that have to be retained with the account that they refer to, unless they belong to that account
/// itself: table, column, and the column of the owning account. The function `steward_is_recorded` is the
/// same for PostgreSQL.
const RECORDS: [(&str, &str, Option<&str>); 18] = [
    ("tickets", "requester_id", None),
    ("tickets", "created_by", None),
    ("tickets", "assignee_id", None),
    ("tickets", "approval_by", None),
    ("messages", "author_id", None),
    ("attachments", "uploader_id", None),
    ("unattached_files", "uploader_id", None),
    ("read_markers", "user_id", None),
    ("events", "actor_id", None),
    ("memberships", "user_id", None),
    ("invitations", "inviter_id", None),
    ("permission_requests", "user_id", None),
    ("permission_requests", "decided_by", None),
    ("membership_requests", "decided_by", Some("user_id")),
    ("membership_requests", "appeal_decided_by", Some("user_id")),
    ("approvals", "requested_by", Some("subject_id")),
    ("approvals", "decided_by", Some("subject_id")),
    ("account_events", "actor_id", Some("user_id")),
];

/// The key by which rows are found.
#[derive(Clone, Copy)]
enum Whose<'a> {
    Account(UserId),
    Address(&'a EmailAddress),
}

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = Bool)]
    is_recorded: bool,
}

#[derive(QueryableByName)]
struct Removed {
    #[diesel(sql_type = BigInt)]
    removed: i64,
}

type IsDeleted = diesel::dsl::Eq<users::status, &'static str>;

/// That nothing but a tombstone is left of an account.
fn is_deleted() -> IsDeleted {
    users::status.eq(AccountStatus::Deleted.as_str())
}

impl Tx<'_> {
    /// Removes everything that gives the owner of a deleted account access, and personal data: sessions,
    /// platform roles, links, mails, requests to join, the second factor, and the profile. Its address is
    /// removed from invitations and from the mail log. Returns whether there may be more, for another
    /// transaction; only the last one removes the permissions.
    pub fn remove_belongings(
        &mut self,
        account: &Account,
        instead: &EmailAddress,
    ) -> Result<bool, StoreError> {
        let mut left = PURGE_BATCH_SIZE;
        if self.remove_some_of(&BELONGINGS, Whose::Account(account.id), &mut left)?
            || self.forget_address(&account.email, instead, &mut left)?
        {
            return Ok(true);
        }
        for (table, condition) in RIGHTS {
            self.remove(table, condition, Whose::Account(account.id))?;
        }
        Ok(false)
    }

    /// Saves that the purge of a deleted account started: from here on it can't be found. Returns `Referenced` if
    /// records that have to be retained refer to it: requests, messages, files, or acts for others. Returns `Stale`
    /// if the account is not deleted, or its purge has already started.
    pub fn start_purge(&mut self, started: PurgeStarted) -> Result<(), StoreError> {
        let id = DbId(started.user().0);
        // Each kind individually: a long history is not read for it.
        for kind in ACTS_FOR_OTHERS {
            let acts = events::table.filter(events::user_id.eq(id)).filter(events::kind.eq(kind.as_str()));
            if acts.select(events::id).first::<DbId>(self.conn).optional()?.is_some() {
                return Err(StoreError::Referenced);
            }
        }
        if self.is_recorded(id)? {
            return Err(StoreError::Referenced);
        }
        let deleted = users::table.find(id).filter(is_deleted()).filter(users::purge_started_at.is_null());
        let started_at = users::purge_started_at.eq(Some(DbTime(started.at())));
        one_row(diesel::update(deleted).set(started_at).execute(self.conn)?)
    }

    /// Removes some rows of an account that is being purged, and finally the account itself (S003-14).
    /// Returns whether there may be more, for another transaction.
    pub fn continue_purge(&mut self, user: UserId) -> Result<bool, StoreError> {
        let purged = users::table
            .find(DbId(user.0))
            .filter(is_deleted())
            .filter(users::purge_started_at.is_not_null());
        if purged.select(count_star()).first::<i64>(self.conn)? == 0 {
            return Ok(false);
        }
        let (whose, mut left) = (Whose::Account(user), PURGE_BATCH_SIZE);
        if self.remove_some_of(&BELONGINGS, whose, &mut left)?
            || self.remove_some_of(&REMAINS, whose, &mut left)?
            || self.remove_history(user, &mut left)?
        {
            return Ok(true);
        }
        for (table, condition) in RIGHTS {
            self.remove(table, condition, whose)?;
        }
        diesel::delete(users::table.find(DbId(user.0))).execute(self.conn)?;
        Ok(false)
    }

    /// Accounts that are being purged, the first that was started first, behind a place in this order.
    pub fn accounts_to_purge(
        &mut self,
        after: Option<(DateTime<Utc>, UserId)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, UserId)>, StoreError> {
        let started_at = users::purge_started_at.assume_not_null();
        let due = users::table
            .filter(users::purge_started_at.is_not_null())
            .order((users::purge_started_at, users::id))
            .limit(at_most)
            .select((started_at, users::id))
            .into_boxed::<MultiBackend>();
        let due = match after {
            Some((at, id)) => due.filter(behind((started_at, users::id), (DbTime(at), DbId(id.0)), false)),
            None => due,
        };
        Ok(due_in_order(due.load(self.conn)?))
    }

    /// Whether a record that has to be retained refers to the account. The constraints find it as well, but
    /// only once the history is removed.
    fn is_recorded(&mut self, id: DbId) -> Result<bool, StoreError> {
        if let AnyConnection::Postgres(conn) = &mut *self.conn {
            let found = diesel::sql_query("SELECT steward_is_recorded($1) AS is_recorded");
            return Ok(found.bind::<UuidColumn, _>(id).get_result::<Recorded>(conn)?.is_recorded);
        }
        for (table, column, owner) in RECORDS {
            let named = format!("SELECT TRUE AS is_recorded FROM {table} WHERE {column} = ?1");
            let lookups = match owner {
                None => vec![named],
                // Two ranges of an index, which leave out the rows of the account itself.
                Some(owner) => ["<", ">"].map(|sign| format!("{named} AND {owner} {sign} ?1")).to_vec(),
            };
            for lookup in lookups {
                let lookup = diesel::sql_query(format!("{lookup} LIMIT 1")).bind::<UuidColumn, _>(id);
                if lookup.get_result::<Recorded>(self.conn).optional()?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Removes up to `left` rows, which is counted down; returns whether there may be more.
    fn remove_some_of(
        &mut self,
        rows: &[(&str, &str)],
        whose: Whose<'_>,
        left: &mut usize,
    ) -> Result<bool, StoreError> {
        for (table, condition) in rows {
            let place = match &*self.conn {
                AnyConnection::Sqlite(_) => "rowid",
                AnyConnection::Postgres(_) => "ctid",
            };
            let some = format!("SELECT {place} FROM {table} WHERE {condition} LIMIT {left}");
            let some = match &*self.conn {
                AnyConnection::Sqlite(_) => format!("rowid IN ({some})"),
                AnyConnection::Postgres(_) => format!("ctid = ANY (ARRAY({some}))"),
            };
            *left = left.saturating_sub(self.remove(table, &some, whose)?);
            if *left == 0 {
                return Ok(true);
            }
            // A row that was changed concurrently has another place on PostgreSQL, and was skipped.
            if place == "ctid" {
                self.remove(table, condition, whose)?;
            }
        }
        Ok(false)
    }

    fn remove(&mut self, table: &str, condition: &str, whose: Whose<'_>) -> Result<usize, StoreError> {
        let statement = diesel::sql_query(self.dialect(&format!("DELETE FROM {table} WHERE {condition}")));
        Ok(match whose {
            Whose::Account(user) => statement.bind::<UuidColumn, _>(DbId(user.0)).execute(self.conn)?,
            Whose::Address(address) => statement.bind::<Text, _>(address.as_str()).execute(self.conn)?,
        })
    }

    /// A statement whose only parameter is written `?1`.
    fn dialect(&self, statement: &str) -> String {
        match &*self.conn {
            AnyConnection::Sqlite(_) => statement.to_owned(),
            AnyConnection::Postgres(_) => statement.replace("?1", "$1"),
        }
    }

    /// Removes an address without an account from invitations to it and from the mail log.
    fn forget_address(
        &mut self,
        gone: &EmailAddress,
        instead: &EmailAddress,
        left: &mut usize,
    ) -> Result<bool, StoreError> {
        let sent = || invitations::table.filter(invitations::email.eq(gone.as_str()));
        let limit = i64::try_from(*left).unwrap_or(i64::MAX);
        let ids: Vec<DbId> = sent().select(invitations::id).limit(limit).load(self.conn)?;
        let changed = diesel::update(sent().filter(invitations::id.eq_any(ids)))
            .set((invitations::email.eq(instead.as_str()), invitations::is_open.eq(false)))
            .execute(self.conn)?;
        *left = left.saturating_sub(changed);
        Ok(*left == 0 || self.remove_some_of(&[("mails", "email = ?1")], Whose::Address(gone), left)?)
    }

    fn remove_history(&mut self, user: UserId, left: &mut usize) -> Result<bool, StoreError> {
        let AnyConnection::Postgres(conn) = &mut *self.conn else {
            return self.remove_some_of(&[("account_events", "user_id = ?1")], Whose::Account(user), left);
        };
        let gone: Removed = diesel::sql_query("SELECT steward_purge_history($1, $2) AS removed")
            .bind::<UuidColumn, _>(DbId(user.0))
            .bind::<BigInt, _>(i64::try_from(*left).unwrap_or(i64::MAX))
            .get_result(conn)?;
        *left = left.saturating_sub(usize::try_from(gone.removed).unwrap_or_default());
        Ok(*left == 0)
    }
}

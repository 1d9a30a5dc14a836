use ::users::{Attempt, Attempts, THROTTLE_WINDOW};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;

use crate::db::connection::AnyConnection;
use crate::db::schema::log_in_attempts as a;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

/// Maximum number of attempts of one count that are read: many more than the throttle allows within its
/// window.
const AT_MOST: i64 = 200;
/// The same over all counts of an account.
const AT_MOST_OF_ALL: i64 = 2_000;

/// The counts that an attempt belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptCounts {
    /// The account and the kind of secret, as a hash that reveals neither.
    pub account_key: String,
    /// The network that is known to the account and has a count of its own there.
    pub known_network: Option<String>,
    /// The network whose attempts at all accounts are counted together.
    pub network: Option<String>,
}

impl Tx<'_> {
    /// Makes other attempts that share a count with this one wait until the end of this transaction.
    pub fn lock_log_in_attempts(&mut self, counts: &AttemptCounts) -> Result<(), StoreError> {
        let AnyConnection::Postgres(conn) = &mut *self.conn else { return Ok(()) };
        let account = counts.account_key.as_str();
        let mut keys = [account, counts.network.as_deref().unwrap_or(account)];
        // In the same order everywhere, so that there are no deadlocks.
        keys.sort_unstable();
        let [first, second] = keys;
        diesel::sql_query(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)), pg_advisory_xact_lock(hashtextextended($2, 0))",
        )
        .bind::<Text, _>(first)
        .bind::<Text, _>(second)
        .execute(conn)?;
        Ok(())
    }

    /// The attempts in the same counts as this one: those at the account, and those from the network.
    pub fn log_in_attempts(
        &mut self,
        counts: &AttemptCounts,
        now: DateTime<Utc>,
    ) -> Result<(Attempts, Attempts), StoreError> {
        let recent = || {
            a::table
                .filter(a::attempted_at.gt(DbTime(now - THROTTLE_WINDOW)))
                .order(a::attempted_at.desc())
                .limit(AT_MOST)
                .select((a::attempted_at, a::is_pending))
        };
        let known_network = counts.known_network.as_deref().unwrap_or_default();
        let at_account: Vec<(DbTime, bool)> = recent()
            .filter(a::account_key.eq(&counts.account_key))
            .filter(a::known_network.eq(known_network))
            .load(self.conn)?;
        let from_network = match &counts.network {
            Some(network) => recent().filter(a::network.eq(network)).load(self.conn)?,
            None => Vec::new(),
        };
        let attempts = |rows: Vec<(DbTime, bool)>| {
            let attempt = |(at, is_pending): (DbTime, bool)| Attempt { at: at.0, is_pending };
            Attempts::of(&rows.into_iter().map(attempt).collect::<Vec<_>>(), now)
        };
        Ok((attempts(at_account), attempts(from_network)))
    }

    /// Saves an attempt with a pending outcome.
    pub fn add_log_in_attempt(
        &mut self,
        id: Uuid,
        counts: &AttemptCounts,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = (
            a::id.eq(DbId(id)),
            a::account_key.eq(&counts.account_key),
            a::known_network.eq(counts.known_network.as_deref().unwrap_or_default()),
            a::network.eq(counts.network.as_deref().unwrap_or_default()),
            a::attempted_at.eq(DbTime(at)),
            a::is_pending.eq(true),
        );
        diesel::insert_into(a::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Saves that an attempt failed.
    pub fn fail_log_in_attempt(&mut self, id: Uuid) -> Result<(), StoreError> {
        diesel::update(a::table.find(DbId(id))).set(a::is_pending.eq(false)).execute(self.conn)?;
        Ok(())
    }

    /// Removes an attempt that did not fail.
    pub fn remove_log_in_attempt(&mut self, id: Uuid) -> Result<(), StoreError> {
        diesel::delete(a::table.find(DbId(id))).execute(self.conn)?;
        Ok(())
    }

    /// Removes the failed attempts at an account in the same count as this one. Pending ones remain.
    pub fn forget_failures_counted_with(&mut self, counts: &AttemptCounts) -> Result<(), StoreError> {
        let failed = a::table
            .filter(a::account_key.eq(&counts.account_key))
            .filter(a::known_network.eq(counts.known_network.as_deref().unwrap_or_default()))
            .filter(a::is_pending.eq(false));
        diesel::delete(failed).execute(self.conn)?;
        Ok(())
    }

    /// Removes the failed attempts at an account in all counts. Pending ones remain.
    pub fn forget_failed_attempts(&mut self, account_key: &str) -> Result<(), StoreError> {
        let failed = a::table.filter(a::account_key.eq(account_key)).filter(a::is_pending.eq(false));
        diesel::delete(failed).execute(self.conn)?;
        Ok(())
    }

    /// The current attempts at an account: those of each known network, and of all others together.
    pub fn attempts_at(
        &mut self,
        account_key: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Attempts>, StoreError> {
        let rows: Vec<(String, DbTime, bool)> = a::table
            .filter(a::account_key.eq(account_key))
            .filter(a::attempted_at.gt(DbTime(now - THROTTLE_WINDOW)))
            .order((a::known_network, a::attempted_at.desc()))
            .limit(AT_MOST_OF_ALL)
            .select((a::known_network, a::attempted_at, a::is_pending))
            .load(self.conn)?;
        let attempts = |of_one: &[(String, DbTime, bool)]| {
            let attempt =
                |(_, at, is_pending): &(String, DbTime, bool)| Attempt { at: at.0, is_pending: *is_pending };
            Attempts::of(&of_one.iter().map(attempt).collect::<Vec<_>>(), now)
        };
        Ok(rows.chunk_by(|one, next| one.0 == next.0).map(attempts).collect())
    }
}

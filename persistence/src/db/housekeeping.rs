use ::users::Session;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::connection::AnyConnection;
use crate::db::sql_types::{DbTime, TimeColumn};
use crate::{StoreError, Tx};

/// Hours for which responses are saved under their `Idempotency-Key` (W6).
const IDEMPOTENCY_HOURS: i64 = 24;
/// The longest pause between two mails.
const MAX_MAIL_PAUSE: TimeDelta = TimeDelta::hours(1);
/// Rows of each kind that one transaction removes: all other writes wait for it.
const ROW_BATCH_SIZE: usize = 200;
/// Sessions that one transaction removes. Each has refresh tokens, possibly thousands.
const SESSION_BATCH_SIZE: usize = 10;

impl Tx<'_> {
    /// Removes some expired rows: idempotency keys, attempts to log in, known networks, pauses between mails,
    /// sessions, one-time tokens. Returns whether there may be more.
    pub fn sweep(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut is_more = false;
        for (table, column, age, at_most) in [
            ("idempotency_keys", "created_at", TimeDelta::hours(IDEMPOTENCY_HOURS), ROW_BATCH_SIZE),
            ("log_in_attempts", "attempted_at", users::THROTTLE_WINDOW, ROW_BATCH_SIZE),
            ("known_networks", "logged_in_at", users::KNOWN_NETWORK_DAYS, ROW_BATCH_SIZE),
            ("mail_pauses", "mailed_at", MAX_MAIL_PAUSE, ROW_BATCH_SIZE),
            ("sessions", "expires_at", TimeDelta::zero(), SESSION_BATCH_SIZE),
            ("sessions", "last_used_at", TimeDelta::days(Session::IDLE_DAYS), SESSION_BATCH_SIZE),
            ("one_time_tokens", "expires_at", TimeDelta::zero(), ROW_BATCH_SIZE),
        ] {
            is_more |= self.remove_some(table, column, now - age, at_most)? == at_most;
        }
        Ok(is_more)
    }

    /// Removes up to this many rows of a table whose column is before a time, the oldest first. Without an order,
    /// PostgreSQL may read the whole table to find as many.
    fn remove_some(
        &mut self,
        table: &str,
        column: &str,
        before: DateTime<Utc>,
        at_most: usize,
    ) -> Result<usize, StoreError> {
        let statement = match &*self.conn {
            AnyConnection::Sqlite(_) => format!(
                "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {column} < ? ORDER BY {column} LIMIT {at_most})"
            ),
            AnyConnection::Postgres(_) => format!(
                "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} < $1 ORDER BY {column} LIMIT {at_most}))"
            ),
        };
        Ok(diesel::sql_query(statement).bind::<TimeColumn, _>(DbTime(before)).execute(self.conn)?)
    }
}

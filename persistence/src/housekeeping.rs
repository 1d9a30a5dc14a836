use ::users::Session;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::connection::AnyConnection;
use crate::sql_types::{DbTime, TimeColumn};
use crate::{StoreError, Tx};

/// Hours for which answers are kept under their `Idempotency-Key` (W6).
const IDEMPOTENCY_HOURS: i64 = 24;
/// No pause between two mails is longer.
const LONGEST_MAIL_PAUSE: TimeDelta = TimeDelta::hours(1);
/// Rows removed of each kind in one transaction: everybody's writes wait for it.
const AT_MOST: usize = 200;
/// Sessions removed in one transaction. Each takes its refresh tokens along, of which there may be some thousands.
const SESSIONS_AT_MOST: usize = 10;

impl Tx<'_> {
    /// Removes some of what no longer counts: old idempotency keys, attempts to log in, known networks, pauses between
    /// mails, ended sessions, expired one-time tokens. Tells whether there may be more.
    pub fn sweep(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut is_more = false;
        for (table, column, age, at_most) in [
            ("idempotency_keys", "created_at", TimeDelta::hours(IDEMPOTENCY_HOURS), AT_MOST),
            ("log_in_attempts", "attempted_at", users::THROTTLE_WINDOW, AT_MOST),
            ("known_networks", "logged_in_at", users::KNOWN_NETWORK_DAYS, AT_MOST),
            ("mail_pauses", "mailed_at", LONGEST_MAIL_PAUSE, AT_MOST),
            ("sessions", "expires_at", TimeDelta::zero(), SESSIONS_AT_MOST),
            ("sessions", "last_used_at", TimeDelta::days(Session::IDLE_DAYS), SESSIONS_AT_MOST),
            ("one_time_tokens", "expires_at", TimeDelta::zero(), AT_MOST),
        ] {
            is_more |= self.remove_some(table, column, now - age, at_most)? == at_most;
        }
        Ok(is_more)
    }

    /// Removes so many rows of a table whose column is before an instant, the oldest first: without an order, PostgreSQL may read
    /// the whole table to find as many.
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

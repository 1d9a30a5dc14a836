use ::users::Session;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::schema::{idempotency_keys, login_failures, one_time_tokens, sessions};
use crate::sql_types::DbTime;
use crate::{StoreError, Tx};

/// Hours for which answers are kept under their `Idempotency-Key` (W6).
const IDEMPOTENCY_HOURS: i64 = 24;

impl Tx<'_> {
    /// Removes what no longer counts: old idempotency keys, failed log-ins, ended sessions, expired one-time tokens.
    pub fn sweep(&mut self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let ago = |age: TimeDelta| DbTime(now - age);
        let keys = idempotency_keys::table
            .filter(idempotency_keys::created_at.lt(ago(TimeDelta::hours(IDEMPOTENCY_HOURS))));
        let failures =
            login_failures::table.filter(login_failures::occurred_at.lt(ago(users::THROTTLE_WINDOW)));
        let ended = sessions::table.filter(
            sessions::expires_at
                .lt(DbTime(now))
                .or(sessions::last_used_at.lt(ago(TimeDelta::days(Session::IDLE_DAYS)))),
        );
        let links = one_time_tokens::table.filter(one_time_tokens::expires_at.lt(DbTime(now)));
        Ok(diesel::delete(keys).execute(self.conn)?
            + diesel::delete(failures).execute(self.conn)?
            + diesel::delete(ended).execute(self.conn)?
            + diesel::delete(links).execute(self.conn)?)
    }
}

use ::users::Session;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::schema::{
    idempotency_keys, known_networks, log_in_attempts, mail_pauses, one_time_tokens, sessions,
};
use crate::sql_types::DbTime;
use crate::{StoreError, Tx};

/// Hours for which answers are kept under their `Idempotency-Key` (W6).
const IDEMPOTENCY_HOURS: i64 = 24;
/// No pause between two mails is longer.
const LONGEST_MAIL_PAUSE: TimeDelta = TimeDelta::hours(1);

impl Tx<'_> {
    /// Removes what no longer counts: old idempotency keys, attempts to log in, known
    /// networks, pauses between mails, ended sessions, expired one-time tokens.
    pub fn sweep(&mut self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let ago = |age: TimeDelta| DbTime(now - age);
        let keys = idempotency_keys::table
            .filter(idempotency_keys::created_at.lt(ago(TimeDelta::hours(IDEMPOTENCY_HOURS))));
        let attempts =
            log_in_attempts::table.filter(log_in_attempts::attempted_at.lt(ago(users::THROTTLE_WINDOW)));
        let networks =
            known_networks::table.filter(known_networks::logged_in_at.lt(ago(users::KNOWN_NETWORK_DAYS)));
        let pauses = mail_pauses::table.filter(mail_pauses::mailed_at.lt(ago(LONGEST_MAIL_PAUSE)));
        let ended = sessions::table.filter(
            sessions::expires_at
                .lt(DbTime(now))
                .or(sessions::last_used_at.lt(ago(TimeDelta::days(Session::IDLE_DAYS)))),
        );
        let links = one_time_tokens::table.filter(one_time_tokens::expires_at.lt(DbTime(now)));
        Ok(diesel::delete(keys).execute(self.conn)?
            + diesel::delete(attempts).execute(self.conn)?
            + diesel::delete(networks).execute(self.conn)?
            + diesel::delete(pauses).execute(self.conn)?
            + diesel::delete(ended).execute(self.conn)?
            + diesel::delete(links).execute(self.conn)?)
    }
}

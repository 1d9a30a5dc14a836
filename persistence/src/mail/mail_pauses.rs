use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::mail_pauses as p;
use crate::db::sql_types::DbTime;
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Time of the last mail under this key, which is a hash of sender, kind and recipient.
    pub fn mailed_at(&mut self, pause_key: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at: Option<DbTime> = p::table.find(pause_key).select(p::mailed_at).first(self.conn).optional()?;
        Ok(at.map(|at| at.0))
    }

    /// Saves that mail is sent under this key now, if the last time was `before`. Runs again if another
    /// transaction was faster.
    pub fn save_mailed_at(
        &mut self,
        pause_key: &str,
        before: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let saved = match before {
            Some(before) => {
                let unchanged = p::table.find(pause_key).filter(p::mailed_at.eq(DbTime(before)));
                diesel::update(unchanged).set(p::mailed_at.eq(DbTime(now))).execute(self.conn)?
            }
            None => {
                let new = (p::pause_key.eq(pause_key), p::mailed_at.eq(DbTime(now)));
                match diesel::insert_into(p::table).values(new).execute(self.conn).map_err(StoreError::from) {
                    Err(StoreError::Unique(_)) => 0,
                    saved => saved?,
                }
            }
        };
        if saved == 1 { Ok(()) } else { Err(StoreError::RunAgain) }
    }
}

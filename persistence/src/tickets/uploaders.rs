use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::connection::AnyConnection;
use crate::db::schema::uploaders as u;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

impl Tx<'_> {
    /// Counts bytes that a person is about to send. Returns the bytes of their current period, and its start.
    /// A period that began before `cutoff` has ended, and `now` begins the next.
    ///
    /// A concurrent transaction for the same person waits here until the end of this one, so the limits of a
    /// person are checked one upload after the other.
    pub(crate) fn count_sent(
        &mut self,
        user: UserId,
        bytes: i64,
        (now, cutoff): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(i64, DateTime<Utc>), StoreError> {
        if let Some(counted) = self.add_sent(user, bytes, cutoff)? {
            return Ok(counted);
        }
        let first = diesel::insert_into(u::table).values((
            u::user_id.eq(DbId(user.0)),
            u::since.eq(DbTime(now)),
            u::sent_bytes.eq(0),
        ));
        match &mut *self.conn {
            AnyConnection::Postgres(conn) => first.on_conflict_do_nothing().execute(conn)?,
            AnyConnection::Sqlite(conn) => first.on_conflict_do_nothing().execute(conn)?,
        };
        diesel::update(u::table.find(DbId(user.0)).filter(u::since.le(DbTime(cutoff))))
            .set((u::since.eq(DbTime(now)), u::sent_bytes.eq(0)))
            .execute(self.conn)?;
        self.add_sent(user, bytes, cutoff)?.ok_or(StoreError::RunAgain)
    }

    fn add_sent(
        &mut self,
        user: UserId,
        bytes: i64,
        cutoff: DateTime<Utc>,
    ) -> Result<Option<(i64, DateTime<Utc>)>, StoreError> {
        let current = u::table.find(DbId(user.0)).filter(u::since.gt(DbTime(cutoff)));
        let counted: Option<(i64, DbTime)> = diesel::update(current)
            .set(u::sent_bytes.eq(u::sent_bytes + bytes))
            .returning((u::sent_bytes, u::since))
            .get_result(self.conn)
            .optional()?;
        Ok(counted.map(|(sent, since)| (sent, since.0)))
    }

    /// Corrects the count of [`Tx::count_sent`], once the size is known.
    pub(crate) fn correct_sent(&mut self, user: UserId, by: i64) -> Result<(), StoreError> {
        diesel::update(u::table.find(DbId(user.0)))
            .set(u::sent_bytes.eq(u::sent_bytes + by))
            .execute(self.conn)?;
        Ok(())
    }
}

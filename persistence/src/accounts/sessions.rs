use std::collections::BTreeSet;

use ::users::{RefreshToken, Restriction, Session, SessionId, UserId};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::{refresh_tokens, sessions};
use crate::db::sql_types::{DbId, DbTime};
use crate::{Page, StoreError, Tx};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    id: DbId,
    user_id: DbId,
    created_at: DbTime,
    last_used_at: DbTime,
    expires_at: DbTime,
    user_agent: Option<String>,
    address: Option<String>,
    restrictions: String,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        // An identifier of a newer version is ignored by this one.
        let restrictions = row.restrictions.split(',').filter_map(Restriction::parse).collect();
        Self {
            id: SessionId(row.id.0),
            user_id: UserId(row.user_id.0),
            created_at: row.created_at.0,
            last_used_at: row.last_used_at.0,
            expires_at: row.expires_at.0,
            user_agent: row.user_agent,
            address: row.address,
            restrictions,
        }
    }
}

impl Tx<'_> {
    /// Adds a session with the hash of its first refresh token.
    pub fn add_session(&mut self, session: &Session, token_hash: &str) -> Result<(), StoreError> {
        let row = SessionRow {
            id: DbId(session.id.0),
            user_id: DbId(session.user_id.0),
            created_at: DbTime(session.created_at),
            last_used_at: DbTime(session.last_used_at),
            expires_at: DbTime(session.expires_at),
            user_agent: session.user_agent.clone(),
            address: session.address.clone(),
            restrictions: words(&session.restrictions),
        };
        diesel::insert_into(sessions::table).values(row).execute(self.conn)?;
        self.add_refresh_token(session.id, token_hash)
    }

    fn add_refresh_token(&mut self, session: SessionId, hash: &str) -> Result<(), StoreError> {
        let row = (refresh_tokens::token_hash.eq(hash), refresh_tokens::session_id.eq(DbId(session.0)));
        diesel::insert_into(refresh_tokens::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The refresh token with this hash, and its session.
    pub fn refresh_token(&mut self, hash: &str) -> Result<Option<(RefreshToken, Session)>, StoreError> {
        let row: Option<(Option<DbTime>, SessionRow)> = refresh_tokens::table
            .find(hash)
            .inner_join(sessions::table)
            .select((refresh_tokens::spent_at, SessionRow::as_select()))
            .first(self.conn)
            .optional()?;
        Ok(row.map(|(spent_at, session)| {
            let session = Session::from(session);
            (RefreshToken { session_id: session.id, spent_at: spent_at.map(|t| t.0) }, session)
        }))
    }

    /// Exchanges a refresh token for the next. Of two concurrent attempts, one is `Stale` and finds it spent
    /// when it runs again.
    pub fn rotate_refresh_token(
        &mut self,
        session: &Session,
        spent: &str,
        next: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let unspent = refresh_tokens::table.find(spent).filter(refresh_tokens::spent_at.is_null());
        if diesel::update(unspent).set(refresh_tokens::spent_at.eq(DbTime(now))).execute(self.conn)? != 1 {
            return Err(StoreError::Stale);
        }
        let used = sessions::table.find(DbId(session.id.0));
        diesel::update(used)
            .set(sessions::last_used_at.eq(DbTime(session.last_used_at)))
            .execute(self.conn)?;
        self.add_refresh_token(session.id, next)
    }

    /// A person's sessions, the latest first.
    pub fn sessions_of(&mut self, user: UserId, page: Page<SessionId>) -> Result<Vec<Session>, StoreError> {
        let mut query = sessions::table
            .filter(sessions::user_id.eq(DbId(user.0)))
            .order(sessions::id.desc())
            .limit(page.rows())
            .select(SessionRow::as_select())
            .into_boxed();
        if let Some(after) = page.after {
            query = query.filter(sessions::id.lt(DbId(after.0)));
        }
        Ok(query.load(self.conn)?.into_iter().map(Session::from).collect())
    }

    /// Ends a session of this person; returns whether there was one.
    pub fn remove_session(&mut self, user: UserId, session: SessionId) -> Result<bool, StoreError> {
        let row = sessions::table.find(DbId(session.0)).filter(sessions::user_id.eq(DbId(user.0)));
        Ok(diesel::delete(row).execute(self.conn)? == 1)
    }

    /// Ends all sessions of this person except `but`; returns their number.
    pub fn remove_sessions_of(&mut self, user: UserId, but: Option<SessionId>) -> Result<usize, StoreError> {
        let mut ended =
            diesel::delete(sessions::table.filter(sessions::user_id.eq(DbId(user.0)))).into_boxed();
        if let Some(kept) = but {
            ended = ended.filter(sessions::id.ne(DbId(kept.0)));
        }
        Ok(ended.execute(self.conn)?)
    }

    /// Removes a restriction from all sessions of a person.
    pub fn lift_restriction(&mut self, user: UserId, done: Restriction) -> Result<(), StoreError> {
        let restricted =
            sessions::table.filter(sessions::user_id.eq(DbId(user.0))).filter(sessions::restrictions.ne(""));
        let rows: Vec<SessionRow> = restricted.select(SessionRow::as_select()).load(self.conn)?;
        for mut session in rows.into_iter().map(Session::from) {
            if session.restrictions.remove(&done) {
                diesel::update(sessions::table.find(DbId(session.id.0)))
                    .set(sessions::restrictions.eq(words(&session.restrictions)))
                    .execute(self.conn)?;
            }
        }
        Ok(())
    }
}

fn words(restrictions: &BTreeSet<Restriction>) -> String {
    restrictions.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(",")
}

use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::connection::AnyConnection;
use crate::db::schema::idempotency_keys as keys;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

/// The identity of a request with an `Idempotency-Key`.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The caller.
    pub user: UserId,
    /// Its method.
    pub method: String,
    /// Its path, which names the organization.
    pub path: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the body, in hexadecimal.
    pub fingerprint: String,
}

/// A saved response.
#[derive(Debug, Clone)]
pub struct StoredAnswer {
    /// The fingerprint of its request.
    pub fingerprint: String,
    /// Its status.
    pub status: u16,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Location`.
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

type Row = (String, Option<i32>, Option<String>, Option<String>, Option<String>);

impl Tx<'_> {
    /// Claims a key, as the first statement of the effect's transaction, and returns the response that is
    /// saved under it.
    ///
    /// A second caller is blocked here until the first has committed or rolled back.
    pub fn claim_key(
        &mut self,
        claim: &Claim,
        now: DateTime<Utc>,
    ) -> Result<Option<StoredAnswer>, StoreError> {
        let row = (
            keys::user_id.eq(DbId(claim.user.0)),
            keys::method.eq(&claim.method),
            keys::path.eq(&claim.path),
            keys::idempotency_key.eq(&claim.key),
            keys::fingerprint.eq(&claim.fingerprint),
            keys::created_at.eq(DbTime(now)),
        );
        let insert = diesel::insert_into(keys::table).values(row);
        let inserted = match &mut *self.conn {
            AnyConnection::Postgres(conn) => insert.on_conflict_do_nothing().execute(conn)?,
            AnyConnection::Sqlite(conn) => insert.on_conflict_do_nothing().execute(conn)?,
        };
        if inserted == 1 {
            return Ok(None);
        }
        let kept: Option<Row> = row_of(claim)
            .select((keys::fingerprint, keys::status, keys::etag, keys::location, keys::body))
            .first(self.conn)
            .optional()?;
        let Some((fingerprint, Some(status), etag, location, body)) = kept else {
            return Err(StoreError::RunAgain);
        };
        let status = u16::try_from(status).map_err(|_| StoreError::Corrupt("idempotency_keys.status"))?;
        Ok(Some(StoredAnswer { fingerprint, status, etag, location, body: body.unwrap_or_default() }))
    }

    /// Whether a response is saved under a key, whatever the body of the request was.
    pub fn is_key_used(&mut self, claim: &Claim) -> Result<bool, StoreError> {
        Ok(row_of(claim).select(keys::created_at).first::<DbTime>(self.conn).optional()?.is_some())
    }

    /// Saves the response under a key that was claimed in this transaction.
    pub fn save_answer(&mut self, claim: &Claim, answer: &StoredAnswer) -> Result<(), StoreError> {
        let kept = (
            keys::status.eq(i32::from(answer.status)),
            keys::etag.eq(answer.etag.as_deref()),
            keys::location.eq(answer.location.as_deref()),
            keys::body.eq(&answer.body),
        );
        diesel::update(row_of(claim)).set(kept).execute(self.conn)?;
        Ok(())
    }
}

type RowOf<'a> = diesel::dsl::Find<keys::table, (DbId, &'a str, &'a str, &'a str)>;

fn row_of(claim: &Claim) -> RowOf<'_> {
    keys::table.find((DbId(claim.user.0), claim.method.as_str(), claim.path.as_str(), claim.key.as_str()))
}

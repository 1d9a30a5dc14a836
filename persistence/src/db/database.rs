use std::mem::take;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use thiserror::Error;
use uuid::Uuid;

use crate::db::connection::{AnyConnection, Target};
use crate::db::error::Failure;
use crate::db::health::Health;
use crate::db::migrate::{MigrateError, migrate, require_current};
use crate::db::pool::Pool;
use crate::db::queues::wake;
use crate::db::time_limit::limited;
use crate::db::tx::postgres_begin;
use crate::db::writer::Writer;
use crate::{Scope, StoreError, Tx};

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    kind: Arc<Kind>,
    reads: Health,
    writes: Health,
}

enum Kind {
    Sqlite { target: Target, writer: Writer, readers: Pool },
    Postgres { target: Target, pool: Pool },
}

/// Why the database can't be used.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Neither `sqlite://` nor `postgres://`.
    #[error("the database URL must start with postgres://, postgresql:// or sqlite://")]
    UnknownScheme,
    /// The database does not answer.
    #[error("the database is out of reach: {0}")]
    Unreachable(StoreError),
}

const SQLITE_READERS: usize = 4;
/// How often a closure that lost a race is run again before the client gets an error.
const MAX_ATTEMPTS: u32 = 12;

impl Db {
    /// Connects once, to fail early. `connections` is the maximum number of those to PostgreSQL.
    pub fn open(url: &str, connections: usize) -> Result<Self, OpenError> {
        let target = Target::parse(url).ok_or(OpenError::UnknownScheme)?;
        let first = target.connect().map_err(OpenError::Unreachable)?;
        let kind = match target.sqlite_path() {
            Some(_) => Kind::Sqlite {
                readers: Pool::new(target.clone(), SQLITE_READERS),
                writer: Writer::start(first),
                target,
            },
            None => Kind::Postgres { pool: Pool::new(target.clone(), connections), target },
        };
        Ok(Self { kind: Arc::new(kind), reads: Health::default(), writes: Health::default() })
    }

    /// Migrates the schema; on PostgreSQL under an advisory lock, so that several nodes may start at once.
    pub fn migrate(&self) -> Result<(), MigrateError> {
        let (Kind::Sqlite { target, .. } | Kind::Postgres { target, .. }) = &*self.kind;
        migrate(&mut target.connect().map_err(MigrateError::Store)?)
    }

    /// Requires a current schema, for a program that runs beside a server and must not change it.
    pub fn require_current(&self) -> Result<(), MigrateError> {
        let (Kind::Sqlite { target, .. } | Kind::Postgres { target, .. }) = &*self.kind;
        require_current(&mut target.connect().map_err(MigrateError::Store)?)
    }

    /// Whether the database can be read now: the result of the last second, or of a probe. Returns within 1.5
    /// s, even if the database does not answer.
    pub async fn can_read(&self) -> bool {
        let db = self.clone();
        self.reads
            .check(async move { limited(db.read_once(Scope::default(), |tx| tx.is_empty())).await.is_ok() })
            .await
    }

    /// Whether the database can be written now: whether a row can be saved and removed again. The result of
    /// the last second, or of a probe with a row of this id and time. Returns within 1.5 s, even if the
    /// database does not answer.
    pub async fn can_write(&self, id: Uuid, now: DateTime<Utc>) -> bool {
        let db = self.clone();
        let attempt = async move {
            let tried = limited(db.write_once(Scope::PLATFORM, move |tx| tx.try_to_write(id, now))).await;
            tried.inspect_err(|error| log::error!("database.write_probe error={error}")).is_ok()
        };
        self.writes.check(attempt).await
    }

    /// Runs a read-only closure. Returns within the remaining time of the request ([`with_time_limit`]); a
    /// statement in progress then runs to its end, and its result is dropped.
    ///
    /// [`with_time_limit`]: crate::with_time_limit
    pub async fn read<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        record_outcome(&self.reads, limited(self.read_once(scope, work)).await)
    }

    /// Runs a closure that may write. It runs again after a lost race, so it must not act on anything but its
    /// `Tx`.
    ///
    /// Returns within the remaining time of the request, like [`Db::read`]. A write that is queued for the
    /// writer or a connection until then, or whose caller has disconnected, is never begun. One that has
    /// begun runs to its end and is committed or rolled back as a whole. The client finds out which by
    /// asking, or by sending its `Idempotency-Key` again.
    pub async fn write<T, E>(
        &self,
        scope: Scope,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        record_outcome(&self.writes, limited(self.write_once(scope, work)).await)
    }

    async fn read_once<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let (Kind::Sqlite { readers: pool, .. } | Kind::Postgres { pool, .. }) = &*self.kind;
        let begin = match &*self.kind {
            Kind::Sqlite { .. } => "BEGIN".to_owned(),
            Kind::Postgres { .. } => postgres_begin(&scope, true),
        };
        let place = pool.place().await?;
        let pool = pool.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut leased = pool.lease(place)?;
            let (result, is_sound) =
                in_transaction(&mut leased.conn, &begin, scope.is_platform, |tx| work(tx));
            if is_sound {
                pool.return_connection(leased);
            } else {
                pool.forget_idle();
            }
            result
        });
        done.await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    async fn write_once<T, E>(
        &self,
        scope: Scope,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        match &*self.kind {
            Kind::Sqlite { writer, .. } => writer.run(work).await,
            Kind::Postgres { pool, .. } => {
                let place = pool.place().await?;
                let pool = pool.clone();
                let begin = postgres_begin(&scope, false);
                let done = tokio::task::spawn_blocking(move || {
                    let mut leased = pool.lease(place)?;
                    let (result, is_sound) = with_retries(&mut leased.conn, &begin, scope.is_platform, &work);
                    if is_sound {
                        pool.return_connection(leased);
                    } else {
                        pool.forget_idle();
                    }
                    result
                });
                done.await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
            }
        }
    }
}

/// Records whether an attempt failed because of the database.
fn record_outcome<T, E: Failure>(health: &Health, result: Result<T, E>) -> Result<T, E> {
    match result.as_ref().map_err(Failure::store_error) {
        Ok(_) => health.worked(),
        Err(Some(StoreError::Unavailable(_))) => health.failed(),
        Err(_) => {}
    }
    result
}

fn with_retries<T, E: Failure>(
    conn: &mut AnyConnection,
    begin: &str,
    is_platform: bool,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> (Result<T, E>, bool) {
    for attempt in 0..MAX_ATTEMPTS {
        let (result, is_sound) = in_transaction(conn, begin, is_platform, work);
        let again = result
            .as_ref()
            .err()
            .and_then(Failure::store_error)
            .is_some_and(StoreError::is_worth_another_try);
        if !again || !is_sound {
            return (result, is_sound);
        }
        std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
    }
    (Err(StoreError::Locked.into()), true)
}

/// Runs `work` between begin and commit; also returns whether the connection can be used again.
fn in_transaction<T, E: Failure>(
    conn: &mut AnyConnection,
    begin: &str,
    is_platform: bool,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> (Result<T, E>, bool) {
    if let Err(error) = conn.batch_execute(begin) {
        return (Err(StoreError::from(error).into()), false);
    }
    let mut tx = Tx::new(conn, is_platform);
    let result = work(&mut tx).and_then(|done| tx.finish().map(|()| done).map_err(E::from));
    let filled = take(&mut tx.filled);
    match result {
        Ok(done) => match conn.batch_execute("COMMIT") {
            Ok(()) => {
                wake(&filled);
                (Ok(done), true)
            }
            Err(error) => (Err(StoreError::from(error).into()), conn.batch_execute("ROLLBACK").is_ok()),
        },
        Err(error) => (Err(error), conn.batch_execute("ROLLBACK").is_ok()),
    }
}

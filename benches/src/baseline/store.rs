//! One connection that writes, behind a mutex, and a few that read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::error::ErrorInternalServerError;
use actix_web::web;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::clock::Clock;
use crate::sql::Sql;

/// As many as Steward has.
const READERS: usize = 4;

/// The database.
pub(crate) struct Store {
    readers: Vec<Mutex<SqliteConnection>>,
    next: AtomicUsize,
    writer: Mutex<SqliteConnection>,
    /// The time.
    pub(crate) clock: Clock,
}

#[derive(QueryableByName)]
struct Start {
    #[diesel(sql_type = BigInt)]
    millis: i64,
}

impl Store {
    /// Opens a file that contains the tables and rows already.
    pub(crate) fn open(path: &str) -> Result<Self, String> {
        let mut writer = connect(path)?;
        let start: Start = Sql::new("SELECT CAST(unixepoch('subsec') * 1000 AS integer) AS millis")
            .get_result(&mut writer)
            .map_err(|error| error.to_string())?;
        let readers = (0..READERS).map(|_| connect(path).map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Self {
            readers,
            next: AtomicUsize::new(0),
            writer: Mutex::new(writer),
            clock: Clock::started_at(start.millis),
        })
    }

    fn reader(&self) -> &Mutex<SqliteConnection> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % READERS;
        self.readers.get(turn).unwrap_or(&self.writer)
    }
}

/// Reads off the async threads.
pub(crate) async fn read<T: Send + 'static>(
    store: web::Data<Store>,
    work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
) -> actix_web::Result<T> {
    let done =
        web::block(move || work(&mut store.reader().lock().unwrap_or_else(PoisonError::into_inner))).await?;
    done.map_err(ErrorInternalServerError)
}

/// Writes in a transaction of its own, off the async threads; done when it is on the disk.
pub(crate) async fn write<T: Send + 'static>(
    store: web::Data<Store>,
    work: impl FnOnce(&mut SqliteConnection, &Clock) -> QueryResult<T> + Send + 'static,
) -> actix_web::Result<T> {
    let done = web::block(move || {
        let mut conn = store.writer.lock().unwrap_or_else(PoisonError::into_inner);
        conn.immediate_transaction(|conn| work(conn, &store.clock))
    });
    done.await?.map_err(ErrorInternalServerError)
}

/// Opens a connection with the settings of Steward, so that both do the same work.
fn connect(path: &str) -> Result<SqliteConnection, String> {
    let mut conn = SqliteConnection::establish(path).map_err(|error| format!("{path}: {error}"))?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864",
    )
    .map_err(|error| format!("{path}: {error}"))?;
    Ok(conn)
}

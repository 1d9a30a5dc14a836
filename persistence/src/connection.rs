use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::{PgConnection, SqliteConnection};

use crate::StoreError;

/// A connection to whichever of the two databases is in use.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    /// PostgreSQL, for several nodes.
    Postgres(PgConnection),
    /// SQLite, embedded.
    Sqlite(SqliteConnection),
}

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this process has sent to its database.
pub fn statements_sent() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

/// Where the database is.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Postgres(String),
    Sqlite(String),
}

/// The files of an embedded database, whether they are there or not; none of another.
pub fn database_files(url: &str) -> Vec<PathBuf> {
    let Some(Target::Sqlite(path)) = Target::parse(url) else { return Vec::new() };
    ["", "-wal", "-shm", "-journal"].map(|ending| PathBuf::from(format!("{path}{ending}"))).to_vec()
}

impl Target {
    /// Chooses by the URL's scheme: `postgres://`, `postgresql://`, or `sqlite://` and a path.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Self::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
        (!path.is_empty()).then(|| Self::Sqlite(path.to_owned()))
    }

    pub(crate) fn connect(&self) -> Result<AnyConnection, StoreError> {
        let away = |e: diesel::ConnectionError| StoreError::Unavailable(e.to_string());
        let mut conn = match self {
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(away)?;
                conn.batch_execute(
                    "SET client_min_messages = 'warning'; SET timezone = 'UTC'; \
                     SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'",
                )?;
                // Errors are told apart by their English text; a user who may not set this has to trust the server's own.
                let _ = conn.batch_execute("SET lc_messages = 'C'");
                AnyConnection::Postgres(conn)
            }
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(path).map_err(away)?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864",
                )?;
                AnyConnection::Sqlite(conn)
            }
        };
        conn.set_instrumentation(|event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(conn)
    }

    pub(crate) fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Postgres(_) => None,
            Self::Sqlite(path) => Some(Path::new(path)),
        }
    }
}

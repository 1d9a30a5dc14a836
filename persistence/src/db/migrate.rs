use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use thiserror::Error;

use crate::StoreError;
use crate::db::connection::AnyConnection;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Any number, as long as every node uses the same.
const ADVISORY_LOCK: i64 = 5_788_123_991;

/// Why the schema is not up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// A newer program has migrated the database.
    #[error(
        "the database has the migration {0}, which this program does not know: it is newer than the program"
    )]
    NewerThanProgram(String),
    /// The database lacks migrations of this program.
    #[error(
        "the database is older than the program: bring it up to date first, by `steward migrate` or a start of the server"
    )]
    OlderThanProgram,
    /// An error of the database.
    #[error(transparent)]
    Store(StoreError),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Failed(String),
}

pub(crate) fn migrate(conn: &mut AnyConnection) -> Result<(), MigrateError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| MigrateError::Failed(e.to_string());
    match conn {
        AnyConnection::Sqlite(conn) => {
            refuse_newer(&conn.applied_migrations().map_err(failed)?, &SQLITE)?;
            conn.run_pending_migrations(SQLITE).map(drop).map_err(failed)
        }
        AnyConnection::Postgres(conn) => {
            let store = |e: diesel::result::Error| MigrateError::Store(e.into());
            conn.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0").map_err(store)?;
            conn.batch_execute(&format!("SELECT pg_advisory_lock({ADVISORY_LOCK})")).map_err(store)?;
            refuse_newer(&conn.applied_migrations().map_err(failed)?, &POSTGRES)?;
            conn.run_pending_migrations(POSTGRES).map(drop).map_err(failed)?;
            conn.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})")).map_err(store)
        }
    }
}

/// Requires the schema of exactly this program, and changes nothing.
pub(crate) fn require_current(conn: &mut AnyConnection) -> Result<(), MigrateError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| MigrateError::Failed(e.to_string());
    let is_older = match conn {
        AnyConnection::Sqlite(conn) => {
            refuse_newer(&conn.applied_migrations().map_err(failed)?, &SQLITE)?;
            conn.has_pending_migration(SQLITE).map_err(failed)?
        }
        AnyConnection::Postgres(conn) => {
            refuse_newer(&conn.applied_migrations().map_err(failed)?, &POSTGRES)?;
            conn.has_pending_migration(POSTGRES).map_err(failed)?
        }
    };
    if is_older { Err(MigrateError::OlderThanProgram) } else { Ok(()) }
}

fn refuse_newer(
    applied: &[diesel::migration::MigrationVersion<'_>],
    known: &EmbeddedMigrations,
) -> Result<(), MigrateError> {
    use diesel::migration::{Migration, MigrationSource};
    let known: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> =
        known.migrations().map_err(|e| MigrateError::Failed(e.to_string()))?;
    let is_known = |version: &&diesel::migration::MigrationVersion<'_>| {
        known.iter().any(|m| m.name().version() == **version)
    };
    match applied.iter().find(|version| !is_known(version)) {
        Some(version) => Err(MigrateError::NewerThanProgram(version.to_string())),
        None => Ok(()),
    }
}

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use thiserror::Error;

use crate::Constraint;

/// Why storage failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// Another transaction changed the row meanwhile; the transaction is run again.
    #[error("the row was changed meanwhile")]
    Stale,
    /// The database requires another run of the transaction: a deadlock or a serialization failure.
    #[error("the transaction has to be run again")]
    RunAgain,
    /// A row was locked by another transaction for too long.
    #[error("another transaction holds the row")]
    Locked,
    /// A unique constraint was violated.
    #[error("there is one already: {0:?}")]
    Unique(Constraint),
    /// A row that others refer to can't be removed.
    #[error("others refer to the row")]
    Referenced,
    /// The database is unreachable, full, or shutting down.
    #[error("the database is away: {0}")]
    Unavailable(String),
    /// The time of the request has ended. A write that had begun may still be committed; one that had not is
    /// never begun.
    #[error("the database took too long")]
    TimedOut,
    /// A stored value that no rule could have written.
    #[error("a stored value is corrupt: {0}")]
    Corrupt(&'static str),
    /// The closure panicked.
    #[error("the work panicked")]
    Panicked,
    /// Anything else: a bug.
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// Whether running the whole transaction again may help.
    pub fn is_worth_another_try(&self) -> bool {
        matches!(self, Self::Stale | Self::RunAgain)
    }
}

/// SQLite's messages if a disk is full, a file is missing, or a lock is not available.
const SQLITE_AWAY: [&str; 5] =
    ["disk is full", "disk I/O error", "unable to open", "database is locked", "readonly database"];

impl From<Diesel> for StoreError {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Self::Unique(Constraint::of(info.constraint_name(), info.message()))
            }
            Diesel::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Self::Referenced,
            Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::RunAgain,
            Diesel::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                info,
            ) => Self::Unavailable(info.message().to_owned()),
            Diesel::DatabaseError(_, info) => Self::of_message(info.message()),
            other => Self::Other(other.to_string()),
        }
    }
}

impl StoreError {
    /// diesel does not expose SQLSTATE, so PostgreSQL's own English message decides (`lc_messages` is set per
    /// connection).
    fn of_message(message: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|w| message.contains(w));
        if has(&["deadlock detected", "could not serialize access"]) {
            return Self::RunAgain;
        }
        if has(&["lock timeout", "statement timeout"]) {
            return Self::Locked;
        }
        let lost = [
            "server closed the connection",
            "terminating connection",
            "is shutting down",
            "is starting up",
            "not accepting",
            "no connection to the server",
            "could not receive data",
            "could not send data",
            "No space left",
            "connection already closed",
        ];
        if has(&lost) || has(&SQLITE_AWAY) {
            return Self::Unavailable(message.to_owned());
        }
        Self::Other(message.to_owned())
    }
}

/// An error of a closure in a transaction: its own refusals, and those of storage.
pub trait Failure: From<StoreError> + Send + 'static {
    /// Storage's error, if it is one.
    fn store_error(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use thiserror::Error;

use crate::Constraint;

/// Why storage did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// Somebody else changed the row meanwhile; the transaction is run again.
    #[error("the row was changed meanwhile")]
    Stale,
    /// The database wants the transaction run again: a deadlock or a serialization failure.
    #[error("the transaction has to be run again")]
    RunAgain,
    /// A row waits for another transaction for too long.
    #[error("another transaction holds the row")]
    Locked,
    /// A uniqueness that the schema guards.
    #[error("there is one already: {0:?}")]
    Unique(Constraint),
    /// A row that others refer to can't be removed.
    #[error("others refer to the row")]
    Referenced,
    /// The database is out of reach, full, or shutting down.
    #[error("the database is away: {0}")]
    Unavailable(String),
    /// The time of the request is over. A write that had begun may still be committed; one that had not is never begun.
    #[error("the database took too long")]
    TimedOut,
    /// A stored value that no rule could have written.
    #[error("a stored value is corrupt: {0}")]
    Corrupt(&'static str),
    /// The work itself panicked.
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

/// What SQLite says when a disk is full, a file is away, or a lock is not to be had.
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
    /// diesel keeps no SQLSTATE, so PostgreSQL's own English message has to tell (`lc_messages` is set per connection).
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

//! Why the program ends at once.

use application::keys::KeyError;
use application::private_files::Exposed;
use application::problem::Problem;
use persistence::{BackupError, Failure, MigrateError, OpenError, StoreError};
use roles::OwnerRecoveryRefused;
use thiserror::Error;
use web::contract::UnknownPermission;
use web::openapi::document_error::DocumentError;

/// Why the program exits at startup.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    #[error("{0}")]
    Settings(String),
    #[error("the data directory: {0}")]
    Exposed(#[from] Exposed),
    #[error("the data directory {0} can't be written: {1}")]
    DataDir(String, std::io::Error),
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    Migration(#[from] MigrateError),
    #[error("can't listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    #[error("there is no database {0}")]
    NoDatabase(String),
    #[error(transparent)]
    OwnerRecovery(#[from] OwnerRecoveryError),
    #[error("no backup: {0}")]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("mail: {0}")]
    Mail(String),
    #[error("attachments: {0}")]
    Files(String),
    #[error("the document: {0}")]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Contract(#[from] UnknownPermission),
    #[error("metrics: {0}")]
    Metrics(#[from] prometheus::Error),
    #[error("{0}")]
    Demo(String),
    #[error("output: {0}")]
    Output(std::io::Error),
    #[error("signals can't be received: {0}")]
    Signals(std::io::Error),
    #[error("the server failed: {0}")]
    Server(std::io::Error),
    #[error("{0}")]
    Context(String),
}

impl From<Problem> for StartError {
    fn from(problem: Problem) -> Self {
        Self::Context(problem.to_string())
    }
}

/// Why no link is issued.
#[derive(Debug, Error)]
pub(crate) enum OwnerRecoveryError {
    #[error("there is no account with the address {0}")]
    UnknownAddress(String),
    #[error("there is no organization with the slug {0}")]
    UnknownOrg(String),
    #[error("no link for {0}: {1}")]
    Refused(String, OwnerRecoveryRefused),
    #[error(transparent)]
    Context(#[from] Problem),
}

impl From<StoreError> for OwnerRecoveryError {
    fn from(error: StoreError) -> Self {
        Self::Context(error.into())
    }
}

impl Failure for OwnerRecoveryError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Context(problem) => problem.cause(),
            _ => None,
        }
    }
}

//! Why there is no document.

use thiserror::Error;

/// Why there is no document: one of its operations is declared wrongly.
#[derive(Debug, Error)]
pub enum DocumentError {
    /// It cannot be written as JSON or YAML.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// An operation declares a problem code that does not exist, or that follows from what it takes.
    #[error("an operation declares the problem code {0}, which does not exist or follows from what it takes")]
    ProblemCode(String),
}

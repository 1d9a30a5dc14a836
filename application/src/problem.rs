//! Refusals: a stable code for programs, a sentence for people, and advice for clients.

use std::fmt;
use std::ops::Deref;

use persistence::{Failure, StoreError};
use tickets::Status;

use crate::problem_codes::Code;

/// The state of the database, from the latest queries and a check at most once per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// Whether rows can be read.
    pub reads: bool,
    /// Whether rows can be written. False when the disk is full or read-only.
    pub writes: bool,
}

/// One fault of the input, with its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault: `required`, `blank`, `too_long`, `unknown_field`, ...
    pub code: String,
    /// The fault in a sentence.
    pub detail: String,
    /// A JSON pointer into the body, as a URI fragment: `#/subject`.
    pub pointer: Option<String>,
    /// The query or path parameter.
    pub parameter: Option<String>,
    /// The header.
    pub header: Option<String>,
}

impl Fault {
    fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into(), pointer: None, parameter: None, header: None }
    }

    /// A fault of the body, at a JSON pointer.
    pub fn at(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), ..Self::new(code, detail) }
    }

    /// A fault of a query or path parameter.
    pub fn parameter(name: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { parameter: Some(name.to_owned()), ..Self::new(code, detail) }
    }

    /// A fault of a header.
    pub fn header(name: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { header: Some(name.to_owned()), ..Self::new(code, detail) }
    }
}

/// A refusal on its way to the client.
#[derive(Debug, Clone)]
pub struct Problem(Box<ProblemParts>);

/// The members of a refusal.
#[derive(Debug, Clone)]
pub struct ProblemParts {
    /// The stable code that clients switch on.
    pub code: Code,
    /// What went wrong this time, in a sentence.
    pub detail: String,
    /// Each fault of the input. Empty if the input is not the cause.
    pub errors: Vec<Fault>,
    /// With `invalid_transition`: the statuses that are allowed instead.
    pub allowed_statuses: Option<Vec<String>>,
    /// With `ticket_closed`: where to file a follow-up.
    pub follow_up_url: Option<String>,
    /// With `unavailable` from `get_readiness`: the state of the database.
    pub checks: Option<Checks>,
    /// Seconds after which another try may succeed.
    pub retry_after: Option<u64>,
    /// The allowed methods, separated by commas.
    pub allow: Option<String>,
    /// The current entity tag.
    pub etag: Option<String>,
    /// Whether invalid credentials were sent (RFC 6750 3.1).
    pub had_credentials: bool,
    /// The request's id in the server's log.
    pub request_id: String,
    store: Option<StoreError>,
}

impl Deref for Problem {
    type Target = ProblemParts;

    fn deref(&self) -> &ProblemParts {
        &self.0
    }
}

impl Problem {
    /// A refusal with this code and sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(ProblemParts {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            allowed_statuses: None,
            follow_up_url: None,
            checks: None,
            retry_after: (code.status() == 503).then_some(1),
            allow: None,
            etag: None,
            had_credentials: false,
            request_id: String::new(),
            store: None,
        }))
    }

    /// The resource does not exist, or is hidden from this caller. Both look the same.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "It does not exist, or is not visible to you.")
    }

    /// A fault of the server. The log contains the cause.
    pub fn internal() -> Self {
        Self::new(
            Code::InternalError,
            "An internal error occurred. The server's log has it under the request id.",
        )
    }

    /// The input does not match its schema.
    pub fn invalid(errors: Vec<Fault>) -> Self {
        let detail = if errors.len() == 1 {
            "1 fault in the request.".to_owned()
        } else {
            format!("{} faults in the request.", errors.len())
        };
        Self::new(Code::ValidationFailed, detail).with_errors(errors)
    }

    /// The body references something that does not exist in this organization.
    pub fn no_such_reference(pointer: &str, what: &str) -> Self {
        let detail = format!("This organization has no such {what}.");
        Self::new(Code::ReferenceNotFound, detail.clone()).with_errors(vec![Fault::at(
            pointer,
            "not_found",
            detail,
        )])
    }

    /// The body matches its schema, but violates a rule.
    pub fn rule(pointer: &str, refusal: &impl fmt::Display) -> Self {
        let detail = sentence(refusal);
        Self::new(Code::RuleViolated, detail.clone()).with_errors(vec![Fault::at(
            pointer,
            "rule_violated",
            detail,
        )])
    }

    /// The body matches its schema, but violates rules in several places.
    pub fn rules(faults: Vec<Fault>) -> Self {
        let detail = faults.first().map(|fault| fault.detail.clone()).unwrap_or_default();
        Self::new(Code::RuleViolated, detail).with_errors(faults)
    }

    /// Adds the locations of the faults.
    pub fn with_errors(mut self, errors: Vec<Fault>) -> Self {
        self.0.errors = errors;
        self
    }

    /// Moves the fault to another location in the body.
    pub fn pointing_at(mut self, pointer: &str) -> Self {
        self.0.errors.iter_mut().for_each(|fault| fault.pointer = Some(pointer.to_owned()));
        self
    }

    /// Adds the statuses that are allowed instead.
    pub fn with_allowed(mut self, allowed: &[Status]) -> Self {
        self.0.allowed_statuses = Some(allowed.iter().map(|s| s.as_str().to_owned()).collect());
        self
    }

    /// Adds the URL where a follow-up is filed.
    pub fn with_follow_up(mut self, url: String) -> Self {
        self.0.follow_up_url = Some(url);
        self
    }

    /// Adds the state of the database.
    pub fn with_checks(mut self, checks: Checks) -> Self {
        self.0.checks = Some(checks);
        self
    }

    /// Adds the time after which another try may succeed, at least 1 second.
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds.max(1));
        self
    }

    /// Adds the allowed methods.
    pub fn with_allow(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// Adds the current entity tag.
    pub fn with_etag(mut self, etag: String) -> Self {
        self.0.etag = Some(etag);
        self
    }

    /// Marks that invalid credentials were sent.
    pub fn with_bad_credentials(mut self) -> Self {
        self.0.had_credentials = true;
        self
    }

    /// Adds the request's id.
    pub fn with_request_id(mut self, id: &str) -> Self {
        self.0.request_id = id.to_owned();
        self
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The cause, for the log only. Never sent to clients.
    pub fn cause(&self) -> Option<&StoreError> {
        self.0.store.as_ref()
    }
}

/// The text of a domain refusal, as a sentence.
pub fn sentence(refusal: &impl fmt::Display) -> String {
    let text = refusal.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    let dot = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{dot}", chars.as_str())
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.detail)
    }
}

impl std::error::Error for Problem {}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let mut problem = match &error {
            StoreError::Unavailable(_) | StoreError::Locked | StoreError::Stale | StoreError::RunAgain => {
                Self::new(Code::Unavailable, "The database is busy or unavailable; try again.")
            }
            StoreError::TimedOut => Self::new(Code::Unavailable, "This took too long; try again."),
            StoreError::Unique(_) => Self::new(Code::AlreadyExists, "It already exists."),
            _ => Self::internal(),
        };
        problem.0.store = Some(error);
        problem
    }
}

impl Failure for Problem {
    fn store_error(&self) -> Option<&StoreError> {
        self.cause()
    }
}

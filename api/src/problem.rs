//! What every refusal looks like: RFC 9457 problem documents with a stable code.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use persistence::{Failure, StoreError};
use serde::Serialize;
use tickets::Status;
use utoipa::ToSchema;

pub(crate) use crate::problem_codes::Code;

/// What went wrong, for programs (`code`) and for people (`detail`). RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/problems/validation_failed", "title": "The request does not fit its schema", "status": 422,
    "detail": "2 faults in the request.", "code": "validation_failed", "request_id": "0198c1f2b7a07c3f",
    "errors": [{"code": "required", "detail": "`subject` is missing.", "pointer": "#/subject"}]
}))]
pub(crate) struct ProblemBody {
    /// A page that explains the code.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub(crate) kind: String,
    /// The code in a sentence; the same every time.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: i32,
    /// What went wrong this time.
    pub(crate) detail: String,
    /// The stable code that clients switch on. New codes may be added.
    pub(crate) code: String,
    /// Finds the request in the server's log.
    pub(crate) request_id: String,
    /// Each fault of the input; empty when the input is not at fault.
    pub(crate) errors: Vec<Fault>,
    /// With `invalid_transition`: the statuses that may follow instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allowed_statuses: Option<Vec<String>>,
    /// With `ticket_closed`: where to file a follow-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) follow_up_url: Option<String>,
    /// With `unavailable` from `get_readiness`: what works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) checks: Option<Checks>,
}

/// What of the database works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Checks {
    /// Whether rows can be read.
    pub(crate) reads: Check,
    /// Whether rows can be stored. It fails when the disk is full or read-only.
    pub(crate) writes: Check,
}

/// Whether something works, by the last attempts and by a try at most once a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Check {
    Ok,
    Failing,
}

impl From<bool> for Check {
    fn from(works: bool) -> Self {
        if works { Self::Ok } else { Self::Failing }
    }
}

/// One fault of the input, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// The kind of fault: `required`, `blank`, `too_long`, `unknown_field`, ...
    pub(crate) code: String,
    /// The fault in a sentence.
    pub(crate) detail: String,
    /// A JSON pointer into the body, as a URI fragment: `#/subject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<String>,
    /// The query or path parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<String>,
    /// The header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) header: Option<String>,
}

impl Fault {
    fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into(), pointer: None, parameter: None, header: None }
    }

    pub(crate) fn at(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), ..Self::new(code, detail) }
    }

    pub(crate) fn parameter(name: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { parameter: Some(name.to_owned()), ..Self::new(code, detail) }
    }

    pub(crate) fn header(name: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { header: Some(name.to_owned()), ..Self::new(code, detail) }
    }
}

/// A refusal on its way to the client.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: Code,
    detail: String,
    errors: Vec<Fault>,
    allowed_statuses: Option<Vec<String>>,
    follow_up_url: Option<String>,
    checks: Option<Checks>,
    retry_after: Option<u64>,
    allow: Option<String>,
    etag: Option<String>,
    /// Credentials were sent and are bad (RFC 6750 3.1).
    had_credentials: bool,
    request_id: String,
    store: Option<StoreError>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            allowed_statuses: None,
            follow_up_url: None,
            checks: None,
            retry_after: (code.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
            allow: None,
            etag: None,
            had_credentials: false,
            request_id: String::new(),
            store: None,
        }))
    }

    /// The thing is not there, or not for this caller; nobody can tell which.
    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound, "There is no such thing, or not for you.")
    }

    pub(crate) fn internal() -> Self {
        Self::new(Code::InternalError, "Something is wrong on our side. The request id finds it in the log.")
    }

    pub(crate) fn invalid(errors: Vec<Fault>) -> Self {
        let detail = if errors.len() == 1 {
            "1 fault in the request.".to_owned()
        } else {
            format!("{} faults in the request.", errors.len())
        };
        Self::new(Code::ValidationFailed, detail).with_errors(errors)
    }

    /// A body refers to something that this organization does not have.
    pub(crate) fn no_such_reference(pointer: &str, what: &str) -> Self {
        let detail = format!("This organization has no such {what}.");
        Self::new(Code::ReferenceNotFound, detail.clone()).with_errors(vec![Fault::at(
            pointer,
            "not_found",
            detail,
        )])
    }

    /// The body fits its schema, but a rule refuses what it means.
    pub(crate) fn rule(pointer: &str, refusal: &impl fmt::Display) -> Self {
        let detail = sentence(refusal);
        Self::new(Code::RuleViolated, detail.clone()).with_errors(vec![Fault::at(
            pointer,
            "rule_violated",
            detail,
        )])
    }

    /// The body fits its schema, but what it means is refused at several places.
    pub(crate) fn rules(faults: Vec<Fault>) -> Self {
        let detail = faults.first().map(|fault| fault.detail.clone()).unwrap_or_default();
        Self::new(Code::RuleViolated, detail).with_errors(faults)
    }

    pub(crate) fn with_errors(mut self, errors: Vec<Fault>) -> Self {
        self.0.errors = errors;
        self
    }

    /// The same fault at another place of the body.
    pub(crate) fn pointing_at(mut self, pointer: &str) -> Self {
        self.0.errors.iter_mut().for_each(|fault| fault.pointer = Some(pointer.to_owned()));
        self
    }

    pub(crate) fn with_allowed(mut self, allowed: &[Status]) -> Self {
        self.0.allowed_statuses = Some(allowed.iter().map(|s| s.as_str().to_owned()).collect());
        self
    }

    pub(crate) fn with_follow_up(mut self, url: String) -> Self {
        self.0.follow_up_url = Some(url);
        self
    }

    pub(crate) fn with_checks(mut self, checks: Checks) -> Self {
        self.0.checks = Some(checks);
        self
    }

    pub(crate) fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds.max(1));
        self
    }

    pub(crate) fn with_allow(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    pub(crate) fn with_etag(mut self, etag: String) -> Self {
        self.0.etag = Some(etag);
        self
    }

    pub(crate) fn with_bad_credentials(mut self) -> Self {
        self.0.had_credentials = true;
        self
    }

    pub(crate) fn with_request_id(mut self, id: &str) -> Self {
        self.0.request_id = id.to_owned();
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.0.code
    }

    /// What the log should say of it; clients never see this.
    pub(crate) fn cause(&self) -> Option<&StoreError> {
        self.0.store.as_ref()
    }

    pub(crate) fn body(&self) -> ProblemBody {
        let inner = &self.0;
        ProblemBody {
            kind: format!("/problems/{}", inner.code.as_str()),
            title: inner.code.title().to_owned(),
            status: i32::from(inner.code.status().as_u16()),
            detail: inner.detail.clone(),
            code: inner.code.as_str().to_owned(),
            request_id: inner.request_id.clone(),
            errors: inner.errors.clone(),
            allowed_statuses: inner.allowed_statuses.clone(),
            follow_up_url: inner.follow_up_url.clone(),
            checks: inner.checks,
        }
    }

    fn challenge(&self) -> Option<&'static str> {
        match (self.0.code.status(), self.0.had_credentials) {
            (StatusCode::UNAUTHORIZED, true) => Some("Bearer realm=\"steward\", error=\"invalid_token\""),
            (StatusCode::UNAUTHORIZED, false) => Some("Bearer realm=\"steward\""),
            _ if self.0.code == Code::Forbidden && self.0.had_credentials => {
                Some("Bearer realm=\"steward\", error=\"insufficient_scope\"")
            }
            _ => None,
        }
    }
}

/// A refusal's own words as a sentence.
pub(crate) fn sentence(refusal: &impl fmt::Display) -> String {
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

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.code.status());
        response.content_type("application/problem+json");
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Some(allow) = &self.0.allow {
            response.insert_header((ALLOW, allow.as_str()));
        }
        if let Some(etag) = &self.0.etag {
            response.insert_header(("ETag", etag.as_str()));
        }
        if let Some(challenge) = self.challenge() {
            response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
        }
        response.body(serde_json::to_vec(&self.body()).unwrap_or_default())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let mut problem = match &error {
            StoreError::Unavailable(_) | StoreError::Locked | StoreError::Stale | StoreError::RunAgain => {
                Self::new(Code::Unavailable, "The database is busy or away; try again.")
            }
            StoreError::TimedOut => Self::new(Code::Unavailable, "This took too long; try again."),
            StoreError::Unique(_) => Self::new(Code::AlreadyExists, "There is one already."),
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

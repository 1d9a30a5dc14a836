//! Refusals on the wire: problem documents (RFC 9457) and the headers that go with them.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, ETAG, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use application::problem::{Checks, Fault, Problem};
use application::problem_codes::Code;
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, for programs (`code`) and for people (`detail`). RFC 9457.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/problems/validation_failed", "title": "The request does not fit its schema", "status": 422,
    "detail": "2 faults in the request.", "code": "validation_failed", "request_id": "0198c1f2b7a07c3f",
    "errors": [{"code": "required", "detail": "`subject` is missing.", "pointer": "#/subject"}]
}))]
pub struct ProblemBody {
    /// A page that explains the code.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    /// The code in a sentence; the same every time.
    pub title: String,
    /// The HTTP status.
    pub status: i32,
    /// What went wrong this time.
    pub detail: String,
    /// The stable code that clients switch on. New codes may be added.
    pub code: String,
    /// Identifies the request in the server's log.
    pub request_id: String,
    /// Each fault of the input; empty when the input is not at fault.
    pub errors: Vec<FaultBody>,
    /// With `invalid_transition`: the statuses that may follow instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_statuses: Option<Vec<String>>,
    /// With `ticket_closed`: where to file a follow-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up_url: Option<String>,
    /// With `unavailable` from `get_readiness`: the state of the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checks: Option<ChecksBody>,
}

/// The state of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Checks)]
pub struct ChecksBody {
    /// Whether rows can be read.
    pub reads: Check,
    /// Whether rows can be stored. It fails when the disk is full or read-only.
    pub writes: Check,
}

/// Whether it works, by the latest attempts and by a check at most once per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the description of the type explains its values")]
pub enum Check {
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
#[schema(as = Fault)]
pub struct FaultBody {
    /// The kind of fault: `required`, `blank`, `too_long`, `unknown_field`, ...
    pub code: String,
    /// The fault in a sentence.
    pub detail: String,
    /// A JSON pointer into the body, as a URI fragment: `#/subject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The query or path parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
}

impl From<Checks> for ChecksBody {
    fn from(Checks { reads, writes }: Checks) -> Self {
        Self { reads: reads.into(), writes: writes.into() }
    }
}

impl From<&Fault> for FaultBody {
    fn from(fault: &Fault) -> Self {
        Self {
            code: fault.code.clone(),
            detail: fault.detail.clone(),
            pointer: fault.pointer.clone(),
            parameter: fault.parameter.clone(),
            header: fault.header.clone(),
        }
    }
}

impl From<&Problem> for ProblemBody {
    fn from(problem: &Problem) -> Self {
        Self {
            kind: format!("/problems/{}", problem.code.as_str()),
            title: problem.code.title().to_owned(),
            status: i32::from(problem.code.status()),
            detail: problem.detail.clone(),
            code: problem.code.as_str().to_owned(),
            request_id: problem.request_id.clone(),
            errors: problem.errors.iter().map(Into::into).collect(),
            allowed_statuses: problem.allowed_statuses.clone(),
            follow_up_url: problem.follow_up_url.clone(),
            checks: problem.checks.map(Into::into),
        }
    }
}

/// A refusal, as actix sends it.
#[derive(Debug, Clone)]
pub struct Refusal(pub Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        if let Some(allow) = &self.0.allow {
            response.insert_header((ALLOW, allow.as_str()));
        }
        if let Some(etag) = &self.0.etag {
            response.insert_header((ETAG, etag.as_str()));
        }
        if let Some(challenge) = challenge(&self.0) {
            response.insert_header((WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
        }
        response.body(serde_json::to_vec(&ProblemBody::from(&self.0)).unwrap_or_default())
    }
}

/// The credentials that a client needs to log in (RFC 6750 3).
fn challenge(problem: &Problem) -> Option<&'static str> {
    match (problem.code.status(), problem.had_credentials) {
        (401, true) => Some("Bearer realm=\"steward\", error=\"invalid_token\""),
        (401, false) => Some("Bearer realm=\"steward\""),
        _ if problem.code == Code::Forbidden && problem.had_credentials => {
            Some("Bearer realm=\"steward\", error=\"insufficient_scope\"")
        }
        _ => None,
    }
}

//! What an operation answers with when it did what it was asked.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, LINK, LOCATION};
use application::keys::hex;
use application::problem::Problem;
use persistence::StoredAnswer;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// An answer, ready to be sent or to be kept under an `Idempotency-Key`.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    body: Option<String>,
    etag: Option<String>,
    location: Option<String>,
    next: Option<String>,
    is_replay: bool,
}

impl Answer {
    fn with_body(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|_| Problem::internal())?;
        Ok(Self { body: Some(body), ..Self::without_body(status) })
    }

    fn without_body(status: StatusCode) -> Self {
        Self { status, body: None, etag: None, location: None, next: None, is_replay: false }
    }

    /// 200 with the thing.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with_body(StatusCode::OK, body)
    }

    /// 201 with the thing, and where it is.
    pub fn created(location: String, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { location: Some(location), ..Self::with_body(StatusCode::CREATED, body)? })
    }

    /// 202: taken, and done afterwards.
    pub fn accepted(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with_body(StatusCode::ACCEPTED, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::without_body(StatusCode::NO_CONTENT)
    }

    /// The tag of what is answered with: its version, and for whom it is shown.
    pub fn tagged(self, version: i64, audience: &str) -> Self {
        Self { etag: Some(etag(version, audience)), ..self }
    }

    /// Where the next page is.
    pub fn with_next(self, next: Option<String>) -> Self {
        Self { next, ..self }
    }

    /// As it is kept.
    pub fn to_stored(&self, fingerprint: &str) -> StoredAnswer {
        StoredAnswer {
            fingerprint: fingerprint.to_owned(),
            status: self.status.as_u16(),
            etag: self.etag.clone(),
            location: self.location.clone(),
            body: self.body.clone().unwrap_or_default(),
        }
    }

    /// As it was kept.
    pub fn replay(stored: StoredAnswer) -> Self {
        let body = (!stored.body.is_empty()).then_some(stored.body);
        let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
        Self { status, body, etag: stored.etag, location: stored.location, next: None, is_replay: true }
    }

    /// The answer on the wire; 304 when the client already has just this.
    pub fn into_response(self, if_none_match: Option<&str>) -> HttpResponse {
        let known =
            self.etag.as_deref().is_some_and(|tag| if_none_match.is_some_and(|sent| names(sent, tag)));
        let mut response = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { self.status });
        if let Some(etag) = &self.etag {
            response.insert_header((ETAG, etag.as_str()));
            response.insert_header((CACHE_CONTROL, "private, no-cache"));
        }
        if let Some(location) = &self.location {
            response.insert_header((LOCATION, location.as_str()));
        }
        if let Some(next) = &self.next {
            response.insert_header((LINK, format!("<{next}>; rel=\"next\"")));
        }
        if self.is_replay {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        match self.body {
            Some(body) if !known => response.content_type("application/json").body(body),
            _ => response.finish(),
        }
    }
}

/// The strong tag of a version as one audience sees it (RFC 9110 8.8.3).
pub fn etag(version: i64, audience: &str) -> String {
    format!("\"{version}-{audience}\"")
}

/// A short mark of what is shown beside the versioned thing itself.
pub fn mark(shown: &str) -> String {
    hex(&Sha256::digest(shown)).chars().take(8).collect()
}

/// Whether a list of tags, as `If-None-Match` has it, names this one.
pub fn names(list: &str, tag: &str) -> bool {
    list.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| t == tag || t == "*")
}

/// Whether `If-Match` names this version; the audience's mark does not matter (W3).
pub fn names_version(list: &str, version: i64) -> bool {
    let is_it = |t: &str| t == "*" || t.trim_matches('"').split('-').next() == Some(&version.to_string());
    list.split(',').map(str::trim).any(|t| is_it(t) && !t.starts_with("W/"))
}

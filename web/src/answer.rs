//! The response of a successful operation.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, LINK, LOCATION};
use application::keys::hex;
use application::problem::Problem;
use persistence::StoredAnswer;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A response, ready to be sent or to be saved under an `Idempotency-Key`.
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

    /// 200 with the resource.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with_body(StatusCode::OK, body)
    }

    /// 201 with the resource and its location.
    pub fn created(location: String, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { location: Some(location), ..Self::with_body(StatusCode::CREATED, body)? })
    }

    /// 202: accepted, and processed later.
    pub fn accepted(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with_body(StatusCode::ACCEPTED, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self::without_body(StatusCode::NO_CONTENT)
    }

    /// Adds the entity tag: the version of the resource, and the audience for which it is rendered.
    pub fn tagged(self, version: i64, audience: &str) -> Self {
        Self { etag: Some(etag(version, audience)), ..self }
    }

    /// Adds the link to the next page.
    pub fn with_next(self, next: Option<String>) -> Self {
        Self { next, ..self }
    }

    /// The form in which it is saved.
    pub fn to_stored(&self, fingerprint: &str) -> StoredAnswer {
        StoredAnswer {
            fingerprint: fingerprint.to_owned(),
            status: self.status.as_u16(),
            etag: self.etag.clone(),
            location: self.location.clone(),
            body: self.body.clone().unwrap_or_default(),
        }
    }

    /// The saved response.
    pub fn replay(stored: StoredAnswer) -> Self {
        let body = (!stored.body.is_empty()).then_some(stored.body);
        let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
        Self { status, body, etag: stored.etag, location: stored.location, next: None, is_replay: true }
    }

    /// The HTTP response. 304 if the client already has this version.
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

/// The strong entity tag of a version as one audience sees it (RFC 9110 8.8.3).
pub fn etag(version: i64, audience: &str) -> String {
    format!("\"{version}-{audience}\"")
}

/// A short digest of content that is rendered beside the versioned resource.
pub fn content_digest(shown: &str) -> String {
    hex(&Sha256::digest(shown)).chars().take(8).collect()
}

/// Whether a list of entity tags, as in `If-None-Match`, contains this one.
pub fn names(list: &str, tag: &str) -> bool {
    list.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| t == tag || t == "*")
}

/// Whether `If-Match` contains this version, for any audience (W3).
pub fn names_version(list: &str, version: i64) -> bool {
    let is_it = |t: &str| t == "*" || t.trim_matches('"').split('-').next() == Some(&version.to_string());
    list.split(',').map(str::trim).any(|t| is_it(t) && !t.starts_with("W/"))
}

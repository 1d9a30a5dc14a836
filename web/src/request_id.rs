//! The id that finds a request in the log.

use actix_web::{HttpMessage, HttpRequest};

/// The request's id in the log: the client's own if it is harmless, else a new one (E4).
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// The client's id if it is harmless: 1 to 64 letters, digits, dots, dashes and underscores. Else a new one.
    pub fn choose(sent: Option<&str>) -> Self {
        let is_harmless = |id: &&str| {
            (1..=64).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        Self(
            sent.filter(is_harmless)
                .map_or_else(|| application::clock::new_id().simple().to_string(), str::to_owned),
        )
    }

    /// The id that the edge chose for a request.
    pub fn of(request: &HttpRequest) -> String {
        request.extensions().get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

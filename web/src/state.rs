//! What the frame of requests needs, made once at the start.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use application::app::App;

use crate::contract::Contract;
use crate::cursor::CursorSealer;
use crate::metrics::Metrics;
use crate::rate_limit::RateLimits;

/// The server's own state beside the application. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Parts>);

/// Its parts.
pub struct Parts {
    /// What is done for requests and jobs alike.
    pub app: App,
    /// Makes and reads the cursors of lists.
    pub cursors: CursorSealer,
    /// How many requests a minute are served.
    pub limits: RateLimits,
    /// The compiled document that every request is checked against.
    pub contract: Contract,
    /// Numbers for operators.
    pub metrics: Metrics,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The document as it is served.
    pub document: Document,
}

/// The published document as it is served.
pub struct Document {
    /// As `/api/v1/openapi.json`.
    pub json: String,
    /// As `/api/v1/openapi.yaml`.
    pub yaml: String,
    /// The entity tag of both.
    pub etag: String,
}

impl State {
    /// The state made of these.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

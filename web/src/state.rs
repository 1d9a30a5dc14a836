//! The shared state of the request frame, created once at startup.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use application::app::App;

use crate::contract::Contract;
use crate::cursor::CursorSealer;
use crate::metrics::Metrics;
use crate::rate_limit::RateLimits;

/// The server's state besides the application. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<StateParts>);

/// The parts that all requests share.
pub struct StateParts {
    /// The application, shared with the jobs.
    pub app: App,
    /// Encodes and decodes the cursors of lists.
    pub cursors: CursorSealer,
    /// The limits on requests per minute.
    pub limits: RateLimits,
    /// The compiled document that every request is checked against.
    pub contract: Contract,
    /// The metrics for operators.
    pub metrics: Metrics,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpAddr>,
    /// The document as served.
    pub document: Document,
}

/// The published document as served.
pub struct Document {
    /// As `/api/v1/openapi.json`.
    pub json: String,
    /// As `/api/v1/openapi.yaml`.
    pub yaml: String,
    /// The entity tag of both.
    pub etag: String,
}

impl State {
    /// The state with these parts.
    pub fn new(parts: StateParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for State {
    type Target = StateParts;

    fn deref(&self) -> &StateParts {
        &self.0
    }
}

//! Metrics for operators, in the Prometheus format.

use chrono::TimeDelta;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};

/// The metrics of this process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    statements: IntCounter,
}

impl Metrics {
    /// All metrics at zero.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("steward_http_requests_total", "Requests answered."),
            &["method", "path", "status"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("steward_http_request_seconds", "Time to answer, in seconds."),
            &["method", "path"],
        )?;
        let statements =
            IntCounter::new("steward_database_statements_total", "Statements sent to the database.")?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(statements.clone()))?;
        Ok(Self { registry, requests, seconds, statements })
    }

    /// Counts a response. Labels come from bounded sets, never from a client's text, since a series is never freed.
    pub fn count_request(&self, method: &'static str, path: &str, status: u16, took: TimeDelta) {
        self.requests.with_label_values(&[method, path, &status.to_string()]).inc();
        self.seconds.with_label_values(&[method, path]).observe(took.as_seconds_f64());
    }

    /// The metrics in the text format of Prometheus.
    pub fn text(&self) -> String {
        let sent = persistence::statements_sent();
        self.statements.inc_by(sent.saturating_sub(self.statements.get()));
        let mut text = Vec::new();
        if TextEncoder::new().encode(&self.registry.gather(), &mut text).is_err() {
            return String::new();
        }
        String::from_utf8(text).unwrap_or_default()
    }
}

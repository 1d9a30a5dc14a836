//! The time and new ids: the database's time at the start, and what a stopwatch adds to it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use chrono::{DateTime, SecondsFormat};
use uuid::{Builder, Uuid};

/// Returns the time, and ids that grow with it.
pub(crate) struct Clock {
    start_millis: i64,
    started: Instant,
    made: AtomicU64,
}

impl Clock {
    /// A clock that was started at this Unix time.
    pub(crate) fn started_at(start_millis: i64) -> Self {
        Self { start_millis, started: Instant::now(), made: AtomicU64::new(0) }
    }

    /// Now, as instants are stored and answered.
    pub(crate) fn now(&self) -> String {
        let passed = i64::try_from(self.started.elapsed().as_micros()).unwrap_or_default();
        let at = DateTime::from_timestamp_micros(self.start_millis * 1_000 + passed).unwrap_or_default();
        at.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> Uuid {
        let passed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or_default();
        let millis = u64::try_from(self.start_millis + passed).unwrap_or_default();
        let [a, b, c, d, e, f, g, h] = self.made.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, 0, 0]).into_uuid()
    }
}

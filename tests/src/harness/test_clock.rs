//! The clock of an `OwnServer` that was started with `TEST_CLOCK`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::client::put_outside;

/// Its path.
pub(crate) struct TestClock {
    url: String,
}

impl TestClock {
    pub(super) fn at(port: u16) -> Self {
        Self { url: format!("http://127.0.0.1:{port}/now") }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let (status, text) = super::reach(&self.url).expect("the clock answers");
        assert_eq!(status, 200, "{text}");
        shown(&text)
    }

    /// Moves it forward, and returns when the jobs that became due are done.
    pub(crate) fn advance(&self, by: TimeDelta) {
        self.advance_to(self.now() + by);
    }

    /// The same to an instant.
    pub(crate) fn advance_to(&self, instant: DateTime<Utc>) {
        let (status, text) = self.try_to_set(instant);
        assert_eq!(status, 200, "{text}");
        assert!(shown(&text) >= instant, "{text}");
    }

    /// Sets a time, and returns status and text of the answer.
    pub(crate) fn try_to_set(&self, instant: DateTime<Utc>) -> (u16, String) {
        put_outside(&self.url, &json!({ "now": instant.to_rfc3339() })).expect("the clock answers")
    }
}

fn shown(text: &str) -> DateTime<Utc> {
    let answer: Value = serde_json::from_str(text).expect("JSON");
    answer["now"].as_str().expect("an instant").parse().expect("an instant")
}

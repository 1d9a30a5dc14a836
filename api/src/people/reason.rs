use chrono::{DateTime, Utc};
use serde::Deserialize;
use users::Suspension;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Why staff do something to an account; kept in its history.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "Asked for by phone, identity checked."}))]
pub(crate) struct WithReason {
    /// Why, for those who read the history.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    pub(crate) reason: String,
}

/// Why somebody is shut off, and for how long.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "Sends advertisements.", "until": "2026-12-24T00:00:00Z"}))]
pub(crate) struct Suspend {
    /// Why. The person is told, unless it is a matter of security.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    reason: String,
    /// When it lifts by itself; when somebody lifts it unless told.
    until: Option<DateTime<Utc>>,
    /// Whether telling the person would do harm; then no mail goes out. False unless told.
    is_security_matter: Option<bool>,
}

impl Suspend {
    /// The suspension, if it does not end before it begins.
    pub(crate) fn suspension(&self, now: DateTime<Utc>) -> Result<Suspension, Problem> {
        if self.until.is_some_and(|until| until <= now) {
            return Err(Problem::rule("#/until", &"a suspension ends in the future"));
        }
        Ok(Suspension { reason: self.reason.clone(), until: self.until })
    }

    pub(crate) fn is_notified(&self) -> bool {
        !self.is_security_matter.unwrap_or(false)
    }
}

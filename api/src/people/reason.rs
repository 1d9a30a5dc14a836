use application::problem::Problem;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use users::Suspension;
use utoipa::ToSchema;

/// Why staff act on an account. It is recorded in the account's history.
#[derive(Deserialize, ToSchema)]
#[schema(as = Reason, example = json!({"reason": "Requested by phone, identity checked."}))]
pub(crate) struct ReasonBody {
    /// Why, for readers of the history.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    pub(crate) reason: String,
}

/// Why a person is suspended, and for how long.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "Sends advertisements.", "until": "2026-12-24T00:00:00Z"}))]
pub(crate) struct SuspensionRequest {
    /// The reason. The person is notified of it, unless it is a security matter.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    reason: String,
    /// When it ends. Default: it has no end and is lifted manually.
    until: Option<DateTime<Utc>>,
    /// Whether notifying the person would do harm. If true, no mail is sent. Default: false.
    is_security_matter: Option<bool>,
}

impl SuspensionRequest {
    /// The suspension. Fails if it would end before it begins.
    pub(crate) fn suspension(&self, now: DateTime<Utc>) -> Result<Suspension, Problem> {
        if self.until.is_some_and(|until| until <= now) {
            return Err(Problem::rule("#/until", &"a suspension must end in the future"));
        }
        Ok(Suspension { reason: self.reason.clone(), until: self.until })
    }

    pub(crate) fn is_notified(&self) -> bool {
        !self.is_security_matter.unwrap_or(false)
    }
}

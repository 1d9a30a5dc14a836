use application::clock::instant;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A password that works once, within a day, and has to be changed then. Shown only here.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"temporary_password": "q7Jm0Cw3hY2n5s8v1xZ4", "expires_at": "2026-11-22T09:15:00.000000Z"}))]
pub(crate) struct TemporaryPassword {
    /// Give it to the person over a trusted channel.
    temporary_password: String,
    /// When it stops working.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
}

impl TemporaryPassword {
    pub(crate) fn new(temporary_password: String, expires_at: DateTime<Utc>) -> Self {
        Self { temporary_password, expires_at: instant(expires_at) }
    }
}

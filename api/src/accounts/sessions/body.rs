use application::app::App;
use application::bearer::Bearer;
use application::keys::ACCESS_TOKEN_SECONDS;
use application::problem::Problem;
use chrono::{DateTime, Utc};
use serde::Serialize;
use users::Session;
use utoipa::ToSchema;

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 900, "refresh_token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y"}))]
pub(crate) struct SessionTokens {
    /// Send it as `Authorization: Bearer ...`.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// The lifetime of the access token, in seconds.
    expires_in: i32,
    /// Exchange it once, with `refresh_session`, for the next pair.
    refresh_token: String,
}

impl SessionTokens {
    pub(super) fn of(
        app: &App,
        session: &Session,
        refresh_token: String,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            access_token: app.keys.sign(Bearer::of(session), application::clock::new_id(), now)?,
            token_type: "Bearer".to_owned(),
            expires_in: ACCESS_TOKEN_SECONDS,
            refresh_token,
        })
    }
}

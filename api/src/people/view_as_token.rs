use application::keys::ACCESS_TOKEN_SECONDS;
use serde::Serialize;
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

/// A token to view as a member.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 900, "viewing_as": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e"}))]
pub(crate) struct ViewAsToken {
    /// Send it as `Authorization: Bearer ...` to the operations that are marked `x-open-to-viewing-as`.
    access_token: String,
    /// Always `Bearer`.
    token_type: String,
    /// Seconds for which it is good, as long as the session lasts that asked for it. It is not refreshed.
    expires_in: i32,
    /// The account of the member. Responses within the view-as session name it in the header `Viewing-As`.
    viewing_as: Uuid,
}

impl ViewAsToken {
    pub(crate) fn new(access_token: String, member: UserId) -> Self {
        Self {
            access_token,
            token_type: "Bearer".to_owned(),
            expires_in: ACCESS_TOKEN_SECONDS,
            viewing_as: member.0,
        }
    }
}

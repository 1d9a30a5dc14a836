use serde::Deserialize;
use utoipa::ToSchema;

/// The code of an invitation.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"code": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y"}))]
pub(crate) struct InvitationCode {
    /// From the link or the text of the mail.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) code: String,
}

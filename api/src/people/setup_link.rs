use application::accounts::setup_link::IssuedSetupLink;
use application::clock::instant;
use serde::Serialize;
use utoipa::ToSchema;

/// A one-time link with which a person chooses the password of a new account. It proves nothing about the address.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "url": "https://help.sunrise.example/pages/account-setup#token=q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y",
    "token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "expires_at": "2026-11-23T09:15:00.000000Z"
}))]
pub(crate) struct SetupLink {
    /// The link for the person; its fragment holds the token.
    url: String,
    /// The token for `complete_account_setup`.
    token: String,
    /// When it stops working: 24 hours after it was made.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
}

impl From<IssuedSetupLink> for SetupLink {
    fn from(link: IssuedSetupLink) -> Self {
        Self { url: link.url, token: link.token, expires_at: instant(link.expires_at) }
    }
}

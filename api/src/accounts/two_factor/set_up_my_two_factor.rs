use actix_web::post;
use application::accounts::new_password::require_current;
use application::accounts::two_factor::codes::{new_secret, written};
use application::clock::instant;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use users::{SETUP_MINUTES, TwoFactor};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::find_own_account;

/// Proof of identity.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"password": "a long and quiet afternoon"}))]
pub(crate) struct SetUpTwoFactor {
    /// Your password.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
}

/// What a device needs to make codes. Shown only here.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "otpauth_url": "otpauth://totp/Steward:rbt%40sunrise.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Steward", "expires_at": "2026-11-22T15:05:00.000000Z"}))]
pub(crate) struct TwoFactorSetup {
    /// In Base32, to be typed into the device: SHA-1, six digits, 30 seconds.
    secret: String,
    /// The same as a link, to be presented as a QR code.
    otpauth_url: String,
    /// Until when `confirm_my_two_factor` takes a code.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
}

/// Starts the set-up of two-factor log-in
///
/// Nothing changes at log-in until `confirm_my_two_factor` gets a code of the device. A set-up that was begun before is
/// replaced. Returns 409 if two-factor log-in is on. Wrong passwords count as failed log-ins.
#[utoipa::path(tag = "two_factor", request_body = SetUpTwoFactor, extensions(("x-problem-codes" = json!(["conflict", "rule_violated", "too_many_attempts"]))),
    responses((status = 201, description = "The secret for the device, presented only here.", body = TwoFactorSetup)))]
#[post("/me/two-factor/setup")]
pub(super) async fn set_up_my_two_factor(call: Call<(), (), SetUpTwoFactor>) -> Reply {
    let call = call.signed_in().await?;
    let input = call.input()?;
    require_current(&call.app, &call.meta.origin, &input.body.password, "#/password").await?;
    call.write_account(AccountScope::Own, |ctx, _| {
        let account = find_own_account(ctx)?;
        let before = ctx.tx.two_factor(account.id)?;
        let begun = TwoFactor::begin(account.id, new_secret()?, before.as_ref(), ctx.now)?;
        ctx.tx.save_two_factor(&begun)?;
        let (secret, otpauth_url) = written(begun.secret, &account.email)?;
        let expires_at = instant(begun.started_at + TimeDelta::minutes(SETUP_MINUTES));
        Answer::created(
            "/api/v1/me/two-factor".to_owned(),
            &TwoFactorSetup { secret, otpauth_url, expires_at },
        )
    })
    .await
}

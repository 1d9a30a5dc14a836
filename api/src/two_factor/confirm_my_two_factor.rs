use actix_web::post;
use serde::Deserialize;
use users::TwoFactorRefused;
use utoipa::ToSchema;

use super::body::NewRecoveryCodes;
use super::codes::{new_recovery_codes, step_of};
use super::guesses;
use super::shown::tell;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::context::account_event;
use crate::problem::Problem;
use crate::sessions::throttle::Source;

/// That the device has the secret.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"totp_code": "287082"}))]
pub(crate) struct ConfirmTwoFactor {
    /// What the device shows.
    #[schema(min_length = 6, max_length = 7, pattern = "^[0-9]{3} ?[0-9]{3}$")]
    totp_code: String,
}

/// Enables two-factor log-in
///
/// From now on log-in asks for a code of the device; the code sent here does not work again. The recovery codes are for when
/// the device is lost. All other sessions end, and the person is notified by mail. Wrong codes count as failed log-ins.
#[utoipa::path(tag = "two_factor", request_body = ConfirmTwoFactor, responses((status = 200, description = "On; the recovery codes, shown only here.", body = NewRecoveryCodes)))]
#[post("/me/two-factor/confirm")]
pub(super) async fn confirm_my_two_factor(call: Call<(), (), ConfirmTwoFactor>) -> Reply {
    let call = call.signed_in().await?;
    call.input()?;
    let (app, user) = (call.app.clone(), call.head.bearer.ok_or_else(Problem::internal)?.user_id);
    let guess = guesses::reserve(&app, user, Source::Session(call.head.address)).await?;
    let judged = (user, call.head.address, guess.clone());
    let reply = call.write_account(AccountScope::Own, move |ctx, input| {
        let account = ctx.own_account()?;
        let begun = ctx.tx.two_factor(account.id)?.ok_or(TwoFactorRefused::NoSetup)?;
        let step = step_of(&input.body.totp_code, begun.secret, &account.email, ctx.now)?;
        let (recovery_codes, hashes) = new_recovery_codes()?;
        ctx.tx.save_two_factor(&begun.enable(step, hashes, ctx.now)?)?;
        ctx.tx.touch_account(ctx.caller.user_id(), ctx.now)?;
        guess.withdraw(ctx.tx)?;
        ctx.tx.remove_sessions_of(account.id, Some(ctx.caller.session.id))?;
        ctx.tx.record_account(&account_event("two_factor_enabled", account.id, ctx.head))?;
        tell(ctx.tx, &account, "enabled", ctx.now)?;
        Answer::ok(&NewRecoveryCodes { recovery_codes })
    });
    guesses::judged(&app, judged, reply.await).await
}

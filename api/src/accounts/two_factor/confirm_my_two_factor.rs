use actix_web::post;
use application::account_events::account_event;
use application::accounts::guesses::Source;
use application::accounts::two_factor::codes::{new_recovery_codes, step_of};
use application::accounts::two_factor::guesses;
use application::accounts::two_factor::presented_factor::notify_two_factor_changed;
use serde::Deserialize;
use users::{AccountEventKind, TwoFactorRefused};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::{NewRecoveryCodes, find_own_account};

/// Proof that the device has the secret.
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
#[utoipa::path(tag = "two_factor", request_body = ConfirmTwoFactor, extensions(("x-problem-codes" = json!(["conflict", "rule_violated", "too_many_attempts"]))),
    responses((status = 200, description = "Two-factor log-in is enabled. The recovery codes are presented only here.", body = NewRecoveryCodes)))]
#[post("/me/two-factor/confirm")]
pub(super) async fn confirm_my_two_factor(call: Call<(), (), ConfirmTwoFactor>) -> Reply {
    let call = call.signed_in().await?;
    call.input()?;
    let (app, user) = (call.app.clone(), call.meta.origin.actor()?);
    let guess = guesses::reserve(&app, user, Source::Session(call.meta.origin.client_address())).await?;
    let judged = (user, call.meta.origin.client_address(), guess.clone());
    let reply = call.write_account(AccountScope::Own, move |ctx, input| {
        let account = find_own_account(ctx)?;
        let begun = ctx.tx.two_factor(account.id)?.ok_or(TwoFactorRefused::NoSetup)?;
        let step = step_of(&input.body.totp_code, begun.secret, &account.email, ctx.now)?;
        let (recovery_codes, hashes) = new_recovery_codes()?;
        ctx.tx.save_two_factor(&begun.enable(step, hashes, ctx.now)?)?;
        ctx.tx.touch_account(ctx.caller.user_id(), ctx.now)?;
        guess.withdraw(ctx.tx)?;
        ctx.tx.remove_sessions_of(account.id, Some(ctx.caller.session.id))?;
        ctx.tx.record_account(&account_event(AccountEventKind::TwoFactorEnabled, account.id, ctx.origin))?;
        notify_two_factor_changed(ctx.tx, &account, "enabled", ctx.now)?;
        Answer::ok(&NewRecoveryCodes { recovery_codes })
    });
    let reply = reply.await;
    guesses::settle(&app, judged, reply.as_ref().err().map(|refusal| &refusal.0)).await?;
    reply
}

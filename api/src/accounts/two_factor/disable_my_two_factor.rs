use actix_web::post;
use application::account_events::account_event;
use application::accounts::two_factor::guesses;
use application::accounts::two_factor::presented_factor::notify_two_factor_changed;
use users::AccountEventKind;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::{ProveTwoFactor, Proving, find_own_account, require_confirmed};

/// Disables your two-factor log-in
///
/// To use another device, disable it and set it up again. While a role requires it, that role grants nothing until it is on
/// again. Wrong passwords and codes count as at log-in.
#[utoipa::path(tag = "two_factor", request_body = ProveTwoFactor, extensions(("x-problem-codes" = json!(["conflict", "rule_violated", "too_many_attempts"]))),
    responses((status = 204, description = "Two-factor log-in is disabled.")))]
#[post("/me/two-factor/disable")]
pub(super) async fn disable_my_two_factor(call: Call<(), (), ProveTwoFactor>) -> Reply {
    let Proving { call, user, presented, guess } = Proving::begin(call).await?;
    let (app, judged) = (call.app.clone(), (user, call.meta.origin.client_address(), guess.clone()));
    let reply = call.write_account(AccountScope::Own, move |ctx, _| {
        let account = find_own_account(ctx)?;
        require_confirmed(ctx, &account, &presented)?;
        guess.withdraw(ctx.tx)?;
        ctx.tx.remove_two_factor(account.id)?;
        ctx.tx.touch_account(account.id, ctx.now)?;
        ctx.tx.record_account(&account_event(AccountEventKind::TwoFactorDisabled, account.id, ctx.origin))?;
        notify_two_factor_changed(ctx.tx, &account, "disabled", ctx.now)?;
        Ok(Answer::no_content())
    });
    let reply = reply.await;
    guesses::settle(&app, judged, reply.as_ref().err().map(|refusal| &refusal.0)).await?;
    reply
}

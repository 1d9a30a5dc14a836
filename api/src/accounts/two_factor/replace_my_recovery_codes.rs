use actix_web::post;
use application::account_events::account_event;
use application::accounts::two_factor::codes::new_recovery_codes;
use application::accounts::two_factor::guesses;
use application::accounts::two_factor::presented_factor::notify_two_factor_changed;
use users::{AccountEventKind, TwoFactor};
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::{NewRecoveryCodes, ProveTwoFactor, Proving, find_own_account, require_confirmed};

/// Replaces your recovery codes
///
/// Those from before stop working. Wrong passwords and codes count as at log-in.
#[utoipa::path(tag = "two_factor", request_body = ProveTwoFactor, extensions(("x-problem-codes" = json!(["conflict", "rule_violated", "too_many_attempts"]))),
    responses((status = 200, description = "The new recovery codes, presented only here.", body = NewRecoveryCodes)))]
#[post("/me/two-factor/recovery-codes")]
pub(super) async fn replace_my_recovery_codes(call: Call<(), (), ProveTwoFactor>) -> Reply {
    let Proving { call, user, presented, guess } = Proving::begin(call).await?;
    let (app, judged) = (call.app.clone(), (user, call.meta.origin.client_address(), guess.clone()));
    let reply = call.write_account(AccountScope::Own, move |ctx, _| {
        let account = find_own_account(ctx)?;
        let on = require_confirmed(ctx, &account, &presented)?;
        guess.withdraw(ctx.tx)?;
        let (recovery_codes, recovery_hashes) = new_recovery_codes()?;
        ctx.tx.save_two_factor(&TwoFactor { recovery_hashes, ..on })?;
        ctx.tx.touch_account(account.id, ctx.now)?;
        ctx.tx.record_account(&account_event(
            AccountEventKind::RecoveryCodesReplaced,
            account.id,
            ctx.origin,
        ))?;
        notify_two_factor_changed(ctx.tx, &account, "recovery_codes_replaced", ctx.now)?;
        Answer::ok(&NewRecoveryCodes { recovery_codes })
    });
    let reply = reply.await;
    guesses::settle(&app, judged, reply.as_ref().err().map(|refusal| &refusal.0)).await?;
    reply
}

use actix_web::post;
use users::TwoFactor;

use super::body::{NewRecoveryCodes, ProveTwoFactor, Proving};
use super::codes::new_recovery_codes;
use super::guesses;
use super::shown::tell;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::context::account_event;

/// Replaces your recovery codes
///
/// Those from before stop working. Wrong passwords and codes count as at log-in.
#[utoipa::path(tag = "two_factor", request_body = ProveTwoFactor, responses((status = 200, description = "The new codes, shown only here.", body = NewRecoveryCodes)))]
#[post("/me/two-factor/recovery-codes")]
pub(super) async fn replace_my_recovery_codes(call: Call<(), (), ProveTwoFactor>) -> Reply {
    let Proving { call, user, shown, guess } = Proving::begin(call).await?;
    let (app, judged) = (call.app.clone(), (user, call.head.address, guess.clone()));
    let reply = call.write_account(AccountScope::Own, move |ctx, _| {
        let account = ctx.own_account()?;
        let on = ctx.proven(&account, &shown)?;
        guess.withdraw(ctx.tx)?;
        let (recovery_codes, recovery_hashes) = new_recovery_codes()?;
        ctx.tx.save_two_factor(&TwoFactor { recovery_hashes, ..on })?;
        ctx.tx.touch_account(account.id, ctx.now)?;
        ctx.tx.record_account(&account_event("recovery_codes_replaced", account.id, ctx.head))?;
        tell(ctx.tx, &account, "recovery_codes_replaced", ctx.now)?;
        Answer::ok(&NewRecoveryCodes { recovery_codes })
    });
    guesses::judged(&app, judged, reply.await).await
}

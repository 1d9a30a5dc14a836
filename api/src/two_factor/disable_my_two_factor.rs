use actix_web::post;

use super::body::{ProveTwoFactor, Proving};
use super::guesses;
use super::shown::tell;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::context::account_event;

/// Disables your two-factor log-in
///
/// Also the way to another device: off, then set up anew. While a role asks for it, that role allows nothing until it is on
/// again. Wrong passwords and codes count as at log-in.
#[utoipa::path(tag = "two_factor", request_body = ProveTwoFactor, responses((status = 204, description = "Off.")))]
#[post("/me/two-factor/disable")]
pub(super) async fn disable_my_two_factor(call: Call<(), (), ProveTwoFactor>) -> Reply {
    let Proving { call, user, shown, guess } = Proving::begin(call).await?;
    let (app, judged) = (call.app.clone(), (user, call.head.address, guess.clone()));
    let reply = call.write_account(AccountScope::Own, move |ctx, _| {
        let account = ctx.own_account()?;
        ctx.proven(&account, &shown)?;
        guess.withdraw(ctx.tx)?;
        ctx.tx.remove_two_factor(account.id)?;
        ctx.tx.touch_account(account.id, ctx.now)?;
        ctx.tx.record_account(&account_event("two_factor_disabled", account.id, ctx.head))?;
        tell(ctx.tx, &account, "disabled", ctx.now)?;
        Ok(Answer::no_content())
    });
    guesses::judged(&app, judged, reply.await).await
}

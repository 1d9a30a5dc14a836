use actix_web::post;
use application::account_events::account_event;
use application::accounts::after_link::save_use_of_link;
use application::one_time_links;
use application::problem::Problem;
use users::{AccountEventKind, TokenPurpose};
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::confirm_address_change::RedeemToken;

/// Proves your address with the token of a mailed link
///
/// Requires a log-in to the account that asked for the link, so that nobody who opens a stranger's link proves the
/// address for them. All other sessions end. Memberships that other organizations gave to the address can be opened afterwards.
#[utoipa::path(tag = "accounts", request_body = RedeemToken, extensions(("x-problem-codes" = json!(["gone"]))),
    responses(
        (status = 204, description = "The address is proved."),
    ))]
#[post("/me/address-proofs/complete")]
pub(super) async fn complete_my_address_proof(call: Call<(), (), RedeemToken>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let token = one_time_links::find(ctx.tx, &input.body.token, TokenPurpose::ProveAddress)?;
        let account = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
        if token.user_id != Some(account.id) || token.mailed_to.as_ref() != Some(&account.email) {
            return Err(one_time_links::gone());
        }
        one_time_links::spend(ctx.tx, &token)?;
        let proved = account.proved_by(&token, ctx.now);
        ctx.tx.save_account(&proved)?;
        // Others may know the password until it is changed, but their sessions have ended.
        let session = ctx.caller.session.id;
        ctx.tx.remove_sessions_of(proved.id, Some(session))?;
        ctx.tx.record_account(&account_event(AccountEventKind::AddressProved, proved.id, ctx.origin))?;
        save_use_of_link(ctx.tx, &proved, &token, ctx.origin)?;
        Ok(Answer::no_content())
    })
    .await
}

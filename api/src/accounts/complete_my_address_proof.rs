use actix_web::post;
use users::TokenPurpose;

use super::after_link::save_use_of_link;
use super::confirm_address_change::RedeemToken;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::context::account_event;
use crate::one_time;
use crate::problem::Problem;

/// Proves your address with the token of a mailed link
///
/// Requires a log-in to the account that asked for the link, so that nobody who opens a stranger's link proves the
/// address for them. All other sessions end. Memberships that other organizations gave to the address can be opened afterwards.
#[utoipa::path(tag = "accounts", request_body = RedeemToken, responses(
    (status = 204, description = "The address is proved."),
    (status = 410, description = "The token does not work.", content_type = "application/problem+json", body = crate::problem::ProblemBody),
))]
#[post("/me/address-proofs/complete")]
pub(super) async fn complete_my_address_proof(call: Call<(), (), RedeemToken>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let token = one_time::find(ctx.tx, &input.body.token, TokenPurpose::ProveAddress)?;
        let account = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
        if token.user_id != Some(account.id) || token.mailed_to.as_ref() != Some(&account.email) {
            return Err(one_time::gone());
        }
        one_time::spend(ctx.tx, &token)?;
        let proved = account.proved_by(&token, ctx.now);
        ctx.tx.save_account(&proved)?;
        // Somebody else may know the password until it is changed, but is not logged in any more.
        let session = ctx.caller.session.id;
        ctx.tx.remove_sessions_of(proved.id, Some(session))?;
        ctx.tx.record_account(&account_event("address_proved", proved.id, ctx.head))?;
        save_use_of_link(ctx.tx, &proved, &token, ctx.head)?;
        Ok(Answer::no_content())
    })
    .await
}

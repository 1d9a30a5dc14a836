use actix_web::post;
use application::accounts::links::{require_cooldown, send_link};
use application::problem::Problem;
use application::problem_codes::Code;
use users::TokenPurpose;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::accepted::Accepted;

/// Mails a link that proves your address
///
/// Use its token with `complete_my_address_proof`, logged in to the same account. Accounts that were set up with a link
/// from staff, or that got a temporary password, need this before other organizations' memberships, platform roles, guest
/// memberships and requests to join. A second link within two minutes is refused.
#[utoipa::path(tag = "accounts", extensions(("x-problem-codes" = json!(["conflict", "too_many_attempts"]))),
    responses((status = 202, description = "The mail is queued.", body = Accepted)))]
#[post("/me/address-proofs")]
pub(super) async fn create_my_address_proof(call: Call) -> Reply {
    let _allowed = call.state.limits.count_mail(call.meta.origin.client_address())?;
    call.write_account(AccountScope::Own, |ctx, _| {
        let account = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
        if account.is_address_proved() {
            return Err(Problem::new(Code::Conflict, "Your address is proved already."));
        }
        require_cooldown(ctx.tx, &account, TokenPurpose::ProveAddress)?;
        send_link(ctx.tx, ctx.app, &account, None, TokenPurpose::ProveAddress)?;
        Answer::accepted(&Accepted::of("A mail with a link is on its way to your address."))
    })
    .await
}

use actix_web::post;
use application::account_events::account_event;
use application::clock::now;
use application::mail::queue::OutgoingMail;
use application::one_time_links;
use application::problem::Problem;
use mail::MailKind;
use persistence::Scope;
use users::{AccountEventKind, TokenPurpose};
use web::answer::Answer;
use web::call::{Call, Reply};

use super::confirm_address_change::RedeemToken;

/// Cancels the deletion of your account with the token of a mailed link
///
/// It returns to its former status. Returns 410 if the link was used, or the account is deleted.
#[utoipa::path(tag = "accounts", security(()), request_body = RedeemToken, extensions(("x-problem-codes" = json!(["gone"]))),
    responses(
        (status = 204, description = "The deletion is cancelled."),
    ))]
#[post("/account-deletions/cancel")]
pub(super) async fn cancel_my_deletion(call: Call<(), (), RedeemToken>) -> Reply {
    let input = call.input()?;
    let (app, origin) = (call.app, call.meta.origin.clone());
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let token = one_time_links::find(tx, &input.body.token, TokenPurpose::CancelDeletion)?;
            let account = tx
                .account(token.user_id.ok_or_else(one_time_links::gone)?)?
                .ok_or_else(one_time_links::gone)?;
            let kept = account.cancel_deletion(now()).map_err(|_| one_time_links::gone())?;
            one_time_links::spend(tx, &token)?;
            tx.save_account(&kept)?;
            tx.record_account(&account_event(AccountEventKind::DeletionCancelled, kept.id, &origin))?;
            OutgoingMail::to(&kept, MailKind::AccountReactivated).queue(tx, now())?;
            Ok::<_, Problem>(())
        })
        .await?;
    Ok(Answer::no_content().into_response(None))
}

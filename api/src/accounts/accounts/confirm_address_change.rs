use actix_web::post;
use application::account_events::account_event;
use application::accounts::after_link::save_use_of_link;
use application::accounts::corrections::propagate_account_changes;
use application::mail::queue::OutgoingMail;
use application::one_time_links;
use application::problem::Problem;
use mail::MailKind;
use persistence::StoreError;
use serde::Deserialize;
use users::{Account, AccountEventKind, TokenPurpose};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// A token from a mail.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y"}))]
pub(crate) struct RedeemToken {
    /// The token of the link.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) token: String,
}

/// Confirms your new address with the token of a mailed link
///
/// Requires a log-in to the account, so that nobody who opens a stranger's link gives them the address. From then on the new
/// address is the one to log in with, and it is proved; the old one is notified. Returns 410 if the token was used, has
/// expired or was replaced, and if another account has the address meanwhile.
#[utoipa::path(tag = "accounts", request_body = RedeemToken, extensions(("x-problem-codes" = json!(["gone"]))),
    responses(
        (status = 204, description = "The address is changed."),
    ))]
#[post("/address-changes/confirm")]
pub(super) async fn confirm_address_change(call: Call<(), (), RedeemToken>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let token = one_time_links::find(ctx.tx, &input.body.token, TokenPurpose::ChangeAddress)?;
        let before = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
        if token.user_id != Some(before.id) {
            return Err(one_time_links::gone());
        }
        let email = token.mailed_to.clone().ok_or_else(one_time_links::gone)?;
        one_time_links::spend(ctx.tx, &token)?;
        let after = before.at_unproved_address(email, ctx.now).proved_by(&token, ctx.now);
        ctx.tx.save_account(&after).map_err(|e| match e {
            StoreError::Unique(_) => one_time_links::gone(),
            other => other.into(),
        })?;
        // Links in the old mailbox must stop working.
        for purpose in [
            TokenPurpose::ResetPassword,
            TokenPurpose::ConfirmAddress,
            TokenPurpose::SetUpAccount,
            TokenPurpose::ProveAddress,
        ] {
            ctx.tx.remove_one_time_tokens(Some(after.id), purpose)?;
        }
        let event = account_event(AccountEventKind::AddressChanged, after.id, ctx.origin);
        ctx.tx.record_account(&event.changed("email", before.email.as_str(), after.email.as_str()))?;
        propagate_account_changes(ctx.tx, &before, &after)?;
        let saved = Account { version: after.version + 1, ..after.clone() };
        save_use_of_link(ctx.tx, &saved, &token, ctx.origin)?;
        OutgoingMail::to(&before, MailKind::AddressChanged).queue(ctx.tx, ctx.now)?;
        Ok(Answer::no_content())
    })
    .await
}

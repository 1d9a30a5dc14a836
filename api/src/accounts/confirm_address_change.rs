use actix_web::post;
use mail::MailKind;
use persistence::StoreError;
use serde::Deserialize;
use users::{Account, TokenPurpose};
use utoipa::ToSchema;

use super::after_link::save_use_of_link;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::mail::Letter;
use crate::one_time;
use crate::people::bring_in_line;
use crate::problem::Problem;
use crate::work::happened;

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
#[utoipa::path(tag = "accounts", request_body = RedeemToken, responses(
    (status = 204, description = "The address is changed."),
    (status = 410, description = "The token does not work.", content_type = "application/problem+json", body = crate::problem::ProblemBody),
))]
#[post("/address-changes/confirm")]
pub(super) async fn confirm_address_change(call: Call<(), (), RedeemToken>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let token = one_time::find(work.tx, &input.body.token, TokenPurpose::ChangeAddress)?;
        let before = work.tx.account(work.who.user_id())?.ok_or_else(Problem::internal)?;
        if token.user_id != Some(before.id) {
            return Err(one_time::gone());
        }
        let email = token.mailed_to.clone().ok_or_else(one_time::gone)?;
        one_time::spend(work.tx, &token)?;
        let after = before.at_unproved_address(email, work.now).proved_by(&token, work.now);
        work.tx.save_account(&after).map_err(|e| match e {
            StoreError::Unique(_) => one_time::gone(),
            other => other.into(),
        })?;
        // Links that went to the old address open nothing any more.
        for purpose in [
            TokenPurpose::ResetPassword,
            TokenPurpose::ConfirmAddress,
            TokenPurpose::SetUpAccount,
            TokenPurpose::ProveAddress,
        ] {
            work.tx.remove_one_time_tokens(Some(after.id), purpose)?;
        }
        let event = happened("address_changed", after.id, work.head);
        work.tx.record_account(&event.changed("email", before.email.as_str(), after.email.as_str()))?;
        bring_in_line(work.tx, &before, &after)?;
        let saved = Account { version: after.version + 1, ..after.clone() };
        save_use_of_link(work.tx, &saved, &token, work.head)?;
        Letter::to(&before, MailKind::AddressChanged).queue(work.tx, work.now)?;
        Ok(Answer::no_content())
    })
    .await
}

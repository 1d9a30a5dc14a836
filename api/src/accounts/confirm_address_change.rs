use actix_web::post;
use mail::MailKind;
use persistence::{Scope, StoreError};
use serde::Deserialize;
use users::{Account, TokenPurpose};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::clock::now;
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

/// Confirms the new address of an account
///
/// From then on it is the one to log in with; the old address is told. A link that was used, has expired or was replaced
/// by a newer one is 410, and so is one for an address that another account has taken meanwhile.
#[utoipa::path(tag = "accounts", security(()), request_body = RedeemToken, responses(
    (status = 204, description = "The address is changed."),
    (status = 410, description = "The token does not work.", content_type = "application/problem+json", body = crate::problem::ProblemBody),
))]
#[post("/address-changes/confirm")]
pub(super) async fn confirm_address_change(call: Call<(), (), RedeemToken>) -> Reply {
    let input = call.input()?;
    let (app, head) = (call.app, call.head);
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let token = one_time::find(tx, &input.body.token, TokenPurpose::ChangeAddress)?;
            let before = tx.account(token.user_id.ok_or_else(one_time::gone)?)?.ok_or_else(one_time::gone)?;
            let email = token.email.clone().ok_or_else(one_time::gone)?;
            if !before.as_of(now()).may_log_in() {
                return Err(one_time::gone());
            }
            one_time::spend(tx, &token)?;
            let after = Account { email, updated_at: now(), ..before.clone() };
            tx.save_account(&after).map_err(|e| match e {
                StoreError::Unique(_) => one_time::gone(),
                other => other.into(),
            })?;
            // Links that went to the old address open nothing any more.
            for purpose in [TokenPurpose::ResetPassword, TokenPurpose::ConfirmAddress] {
                tx.remove_one_time_tokens(Some(after.id), purpose)?;
            }
            let event = happened("address_changed", after.id, &head);
            tx.record_account(&event.changed("email", before.email.as_str(), after.email.as_str()))?;
            bring_in_line(tx, &before, &after)?;
            Letter::to(&before, MailKind::AddressChanged).queue(tx, now())?;
            Ok::<_, Problem>(())
        })
        .await?;
    Ok(Answer::no_content().into_response(None))
}

use actix_web::post;
use application::account_events::account_event;
use application::accounts::after_link::save_chosen_password;
use application::accounts::new_password::words_of;
use application::clock::now;
use application::mail::queue::OutgoingMail;
use application::one_time_links;
use application::passwords::require_strong;
use application::problem::Problem;
use mail::MailKind;
use persistence::Scope;
use serde::Deserialize;
use users::{AccountEventKind, TokenPurpose};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};

/// A new password, by the link of a mail.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "password": "a long and quiet afternoon"}))]
pub(crate) struct CompletePasswordReset {
    /// The token of the link.
    #[schema(min_length = 1, max_length = 200)]
    token: String,
    /// At least 12 characters of any kind. Returns 422 `weak_password`, with the reason, if it is too easy to guess.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
}

/// Sets a new password with the token of a mailed link
///
/// All sessions end, and failed log-ins are forgotten. A link that was used, has expired or was replaced by a newer one is
/// 410. A suspended account stays
/// suspended; one whose address was not confirmed yet is confirmed. A mailed link proves the address; if it never was
/// proved before, two-factor log-in is disabled, since a stranger may have set it up. A link from the operator of the
/// server (`steward owner-recovery`) proves nothing.
#[utoipa::path(tag = "accounts", security(()), request_body = CompletePasswordReset, extensions(("x-problem-codes" = json!(["gone", "weak_password"]))),
    responses(
        (status = 204, description = "The password is changed; log in with it."),
    ))]
#[post("/password-resets/complete")]
pub(super) async fn complete_password_reset(call: Call<(), (), CompletePasswordReset>) -> Reply {
    let input = call.input()?;
    let (app, origin, again) = (call.app, call.meta.origin.clone(), input.clone());
    let account = app
        .db
        .read(Scope::PLATFORM, move |tx| {
            let token = one_time_links::find(tx, &again.body.token, TokenPurpose::ResetPassword)?;
            tx.account(token.user_id.ok_or_else(one_time_links::gone)?)?.ok_or_else(one_time_links::gone)
        })
        .await?;
    require_strong(&input.body.password, words_of(&account))?;
    let hash = app.passwords.enter()?.hash(input.body.password.clone()).await?;
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let token = one_time_links::find(tx, &input.body.token, TokenPurpose::ResetPassword)?;
            let account = tx.account(account.id)?.ok_or_else(one_time_links::gone)?;
            let account = account.confirm(now()).unwrap_or(account);
            one_time_links::spend(tx, &token)?;
            let account = save_chosen_password(tx, &account, &token, &hash, &origin)?;
            tx.record_account(&account_event(AccountEventKind::PasswordReset, account.id, &origin))?;
            OutgoingMail::to(&account, MailKind::PasswordChanged).queue(tx, now())?;
            Ok::<_, Problem>(())
        })
        .await?;
    Ok(Answer::no_content().into_response(None))
}

use actix_web::post;
use application::accounts::log_in_help::send_confirmation;
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::UserPath;

/// Mails the confirmation or set-up link again
///
/// An earlier mailed link stops working; one that staff fetched continues to work. Returns 409 if the account is confirmed, and 429 for a second link within two minutes.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), extensions(("x-required-permission" = json!("confirm_users")),
        ("x-problem-codes" = json!(["invalid_transition", "too_many_attempts"]))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/users/{user_id}/send-confirmation")]
pub(super) async fn send_user_confirmation(call: Call<UserPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        send_confirmation(ctx, &managed)?;
        Ok(Answer::no_content())
    })
    .await
}

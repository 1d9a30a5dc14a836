use actix_web::post;
use application::accounts::log_in_help::send_reset;
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::UserPath;

/// Mails a password reset link
///
/// It is mailed to the address on file and replaces an earlier link. The old password works until the new one is set. Returns 429 for a second link within two minutes.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), extensions(("x-required-permission" = json!("reset_user_passwords")),
        ("x-problem-codes" = json!(["invalid_transition", "too_many_attempts"]))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/users/{user_id}/send-password-reset")]
pub(super) async fn send_user_password_reset(call: Call<UserPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        send_reset(ctx, &managed)?;
        Ok(Answer::no_content())
    })
    .await
}

use actix_web::post;
use application::accounts::managed_account::managed_account_on_platform;
use application::accounts::two_factor::reset::reset_two_factor;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::UserPath;
use crate::people::reason::ReasonBody;

/// Resets two-factor log-in for a person who lost their device
///
/// Verify the person's identity first. All sessions end, and the person is notified by mail. Returns 409 if two-factor log-in is not enabled.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("reset_user_two_factor")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 204, description = "Two-factor log-in is disabled.")))]
#[post("/users/{user_id}/reset-two-factor")]
pub(super) async fn reset_user_two_factor(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        reset_two_factor(ctx, &managed, &input.body.reason)?;
        Ok(Answer::no_content())
    })
    .await
}

use actix_web::post;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Resets two-factor log-in for a person who lost their device
///
/// Verify the person's identity first. All sessions end, and the person is notified by mail. Returns 409 if two-factor log-in is not enabled.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("reset_user_two_factor"))),
    responses((status = 204, description = "Off.")))]
#[post("/users/{user_id}/reset-two-factor")]
pub(super) async fn reset_user_two_factor(call: Call<UserPath, (), WithReason>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.reset_two_factor(&managed, &input.body.reason)?;
        Ok(Answer::no_content())
    })
    .await
}

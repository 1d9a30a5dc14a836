use actix_web::post;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Resets two-factor log-in for a member who lost their device
///
/// Verify the person's identity first. All sessions end, and the person is notified by mail. Returns 409 if two-factor log-in is not enabled; an account
/// that is not the organization's alone is `account_shared`.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("reset_member_two_factor"))),
    responses((status = 204, description = "Off.")))]
#[post("/orgs/{org_id}/members/{user_id}/reset-two-factor")]
pub(super) async fn reset_member_two_factor(call: Call<MemberPath, (), WithReason>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.reset_two_factor(&managed, &input.body.reason)?;
        Ok(Answer::no_content())
    })
    .await
}

use actix_web::post;
use application::accounts::managed_account::managed_account_in_org;
use application::accounts::two_factor::reset::reset_two_factor;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::MemberPath;
use crate::people::reason::ReasonBody;

/// Resets two-factor log-in for a member who lost their device
///
/// Verify the person's identity first. All sessions end, and the person is notified by mail. Returns 409 if two-factor log-in is not enabled; an account
/// that is not the organization's alone is `account_shared`.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("reset_member_two_factor")),
        ("x-problem-codes" = json!(["account_shared", "conflict", "membership_unclaimed"]))),
    responses((status = 204, description = "Two-factor log-in is disabled.")))]
#[post("/orgs/{org_id}/members/{user_id}/reset-two-factor")]
pub(super) async fn reset_member_two_factor(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        reset_two_factor(ctx, &managed, &input.body.reason)?;
        Ok(Answer::no_content())
    })
    .await
}

use actix_web::post;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{ApproverPath, restore_vote_of};
use crate::people::reason::ReasonBody;

/// Restores the vote of another approver of the platform
///
/// Or starts it at once, if the right is new. Make sure first that the account is in the hands of its owner. Your own vote
/// has to be effective, and you must not be one of those because of whom the vote is missing. For seven days the vote
/// approves nothing that you ask for. The person and the other approvers are notified.
#[utoipa::path(tag = "platform_approvals", params(ApproverPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("delete_users")),
        ("x-problem-codes" = json!(["vote_missing", "invalid_transition"]))),
    responses((status = 204, description = "The vote is effective.")))]
#[post("/approvers/{user_id}/restore-vote")]
pub(super) async fn restore_approver_vote(call: Call<ApproverPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        restore_vote_of(ctx, None, input.path.user_id, &input.body.reason)
    })
    .await
}

use actix_web::post;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{OrgApproverPath, restore_vote_of};
use crate::people::reason::ReasonBody;

/// Restores the vote of another approver of an organization
///
/// Or starts it at once, if the right is new. Make sure first that the account is in the hands of its owner. Your own vote
/// has to be effective, and you must not be one of those because of whom the vote is missing. For seven days the vote
/// approves nothing that you ask for. The person and the other approvers are notified.
#[utoipa::path(tag = "approvals", params(OrgApproverPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("delete_member_accounts")),
        ("x-problem-codes" = json!(["invalid_transition", "vote_missing"]))),
    responses((status = 204, description = "The vote is effective.")))]
#[post("/orgs/{org_id}/approvers/{user_id}/restore-vote")]
pub(super) async fn restore_org_approver_vote(call: Call<OrgApproverPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let org = Some(ctx.caller.org_id);
        restore_vote_of(ctx, org, input.path.user_id, &input.body.reason)
    })
    .await
}

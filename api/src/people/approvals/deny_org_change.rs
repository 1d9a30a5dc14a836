use actix_web::post;
use application::approvals::critical::in_organization::decide_approval_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::approval::ApprovalBody;
use super::body::OrgApprovalPath;

/// Denies a critical change of an organization
///
/// It takes no vote. The requester takes the change back this way; the person whom it is about can deny it with
/// `deny_my_approval`.
#[utoipa::path(tag = "approvals", params(OrgApprovalPath, IdempotencyKey), extensions(("x-required-permission" = json!("delete_member_accounts")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The denied change.", body = ApprovalBody)))]
#[post("/orgs/{org_id}/approvals/{approval_id}/deny")]
pub(super) async fn deny_org_change(call: Call<OrgApprovalPath>) -> Reply {
    call.write(|ctx, input| {
        let decided = decide_approval_in_org(ctx, input.path.approval_id, false)?;
        Answer::ok(&ApprovalBody::of(&decided, ctx.now))
    })
    .await
}

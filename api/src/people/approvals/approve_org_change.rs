use actix_web::post;
use application::approvals::critical::in_organization::decide_approval_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::approval::ApprovalBody;
use super::body::OrgApprovalPath;

/// Approves a critical change of an organization
///
/// It is made immediately, with your rights, and all its rules are checked again. You cannot approve what you requested, or what was
/// requested through an account that you may have entered. Your vote has to be effective (`list_org_approvers`). For an
/// owner you have to hold all that owners hold.
#[utoipa::path(tag = "approvals", params(OrgApprovalPath, IdempotencyKey), extensions(("x-required-permission" = json!("delete_member_accounts")),
        ("x-problem-codes" = json!(["vote_missing", "membership_unclaimed", "conflict", "invalid_transition", "last_owner", "account_shared", "reference_not_found"]))),
    responses((status = 200, description = "The approved change.", body = ApprovalBody)))]
#[post("/orgs/{org_id}/approvals/{approval_id}/approve")]
pub(super) async fn approve_org_change(call: Call<OrgApprovalPath>) -> Reply {
    call.write(|ctx, input| {
        let decided = decide_approval_in_org(ctx, input.path.approval_id, true)?;
        Answer::ok(&ApprovalBody::of(&decided, ctx.now))
    })
    .await
}

use actix_web::post;
use application::approvals::critical::on_platform::decide_approval_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::approval::ApprovalBody;
use super::body::ApprovalPath;

/// Approves a critical change of the platform
///
/// It is made immediately, with your rights, and all its rules are checked again. You cannot approve what you requested, or what was
/// requested through an account that you may have entered. Your vote has to be effective (`list_approvers`). To approve a
/// platform role you need `grant_platform_roles` as well.
#[utoipa::path(tag = "platform_approvals", params(ApprovalPath, IdempotencyKey), extensions(("x-required-permission" = json!("delete_users")),
        ("x-problem-codes" = json!(["address_unproved", "vote_missing", "invalid_transition", "conflict", "last_owner"]))),
    responses((status = 200, description = "The approved change.", body = ApprovalBody)))]
#[post("/approvals/{approval_id}/approve")]
pub(super) async fn approve_change(call: Call<ApprovalPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let decided = decide_approval_on_platform(ctx, input.path.approval_id, true)?;
        Answer::ok(&ApprovalBody::of(&decided, ctx.now))
    })
    .await
}

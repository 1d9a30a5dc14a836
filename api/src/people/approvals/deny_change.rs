use actix_web::post;
use application::approvals::critical::on_platform::decide_approval_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::approval::ApprovalBody;
use super::body::ApprovalPath;

/// Denies a critical change of the platform
///
/// It takes no vote. The requester takes the change back this way; the person whom it is about can deny it with
/// `deny_my_approval`.
#[utoipa::path(tag = "platform_approvals", params(ApprovalPath, IdempotencyKey), extensions(("x-required-permission" = json!("delete_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The denied change.", body = ApprovalBody)))]
#[post("/approvals/{approval_id}/deny")]
pub(super) async fn deny_change(call: Call<ApprovalPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let decided = decide_approval_on_platform(ctx, input.path.approval_id, false)?;
        Answer::ok(&ApprovalBody::of(&decided, ctx.now))
    })
    .await
}

use actix_web::get;
use application::approvals::critical::on_platform::find_approval_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::approval::ApprovalBody;
use super::body::ApprovalPath;

/// Reads a critical change of the platform
#[utoipa::path(tag = "platform_approvals", params(ApprovalPath), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "The critical change and its status.", body = ApprovalBody)))]
#[get("/approvals/{approval_id}")]
pub(super) async fn get_approval(call: Call<ApprovalPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let approval = find_approval_on_platform(ctx, input.path.approval_id)?;
        Answer::ok(&ApprovalBody::of(&approval, ctx.now))
    })
    .await
}

use actix_web::get;

use super::body::ApprovalPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::ApprovalBody;

/// Reads a critical change of the platform
#[utoipa::path(tag = "platform_approvals", params(ApprovalPath), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "The request and its status.", body = ApprovalBody)))]
#[get("/approvals/{approval_id}")]
pub(super) async fn get_approval(call: Call<ApprovalPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let approval = ctx.approval(input.path.approval_id)?;
        Answer::ok(&ApprovalBody::of(&approval, ctx.now))
    })
    .await
}

use actix_web::post;
use application::approvals::critical::save_verdict;
use application::problem::Problem;
use roles::ApprovalId;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::approval::ApprovalBody;
use super::body::ApprovalPath;

/// Denies a critical change that you are asked about
///
/// While it is pending. It takes no permission: the person whom the change is about can deny it, and so can everybody who
/// holds the right to approve it or held it when it was requested. Returns 404 for everybody else.
#[utoipa::path(tag = "accounts", params(ApprovalPath, IdempotencyKey), extensions(("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The denied change.", body = ApprovalBody)))]
#[post("/me/approvals/{approval_id}/deny")]
pub(super) async fn deny_my_approval(call: Call<ApprovalPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let (me, id) = (ctx.caller.user_id(), ApprovalId(input.path.approval_id));
        let approval = match ctx.tx.approval_about(me, id)? {
            Some(about_me) => about_me,
            None => {
                let approval = ctx.tx.approval_anywhere(id)?.ok_or_else(Problem::not_found)?;
                let holders = ctx.tx.holders(approval.org, approval.right())?;
                Some(approval)
                    .filter(|approval| holders.may_deny(me, approval.requested_at))
                    .ok_or_else(Problem::not_found)?
            }
        };
        let denied = save_verdict(ctx, &approval, false)?;
        Answer::ok(&ApprovalBody::of(&denied, ctx.now))
    })
    .await
}

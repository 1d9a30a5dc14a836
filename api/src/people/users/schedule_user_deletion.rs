use crate::people::deletion_body::ScheduleDeletion;
use actix_web::post;
use application::accounts::deletion::may_be_deleted;
use application::accounts::managed_account::managed_account_on_platform;
use application::approvals::critical::on_platform::request_approval_or_apply;
use roles::CriticalChange;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::UserPath;
use crate::people::approvals::approval::ApprovalBody;

/// Schedules the deletion of an account
///
/// Another approver has to agree (`approve_change`). If no one else has an effective vote, it is agreed to after seven days
/// unless a person concerned denies it; immediately if no one else holds the right. See `takes_effect`. Then the account is blocked, the person is notified how to cancel, and after the grace period it is deleted: what is left has no name and no
/// address, and requests and messages stay.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ScheduleDeletion, extensions(("x-required-permission" = json!("delete_users")),
        ("x-problem-codes" = json!(["already_exists", "invalid_transition", "last_owner", "rule_violated"]))),
    responses((status = 202, description = "The critical change: pending, or approved if nobody else holds the right.", body = ApprovalBody)))]
#[post("/users/{user_id}/schedule-deletion")]
pub(super) async fn schedule_user_deletion(call: Call<UserPath, (), ScheduleDeletion>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        may_be_deleted(ctx, &managed)?;
        let request = input.body.request(ctx)?;
        let change = CriticalChange::DeleteAccount(request);
        let approval = request_approval_or_apply(ctx, change, &managed, &input.body.reason)?;
        Answer::accepted(&ApprovalBody::of(&approval, ctx.now))
    })
    .await
}

use actix_web::post;
use roles::CriticalChange;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::{ApprovalBody, AskDeletion};

/// Schedules the deletion of an account
///
/// Another approver has to agree (`approve_change`). If no one else has an effective vote, it is agreed to after seven days
/// unless a person concerned denies it; immediately if no one else holds the right. See `course`. Then the account is blocked, the person is notified how to cancel, and after the grace period it is deleted: what is left has no name and no
/// address, and requests and messages stay.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = AskDeletion, extensions(("x-required-permission" = json!("delete_users"))),
    responses((status = 202, description = "Asked for, or scheduled at once.", body = ApprovalBody)))]
#[post("/users/{user_id}/schedule-deletion")]
pub(super) async fn schedule_user_deletion(call: Call<UserPath, (), AskDeletion>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.may_be_deleted(&managed)?;
        let request = input.body.request(ctx)?;
        let change = CriticalChange::DeleteAccount(request);
        let asked = ctx.ask_or_do(change, &managed, &input.body.reason)?;
        Answer::accepted(&ApprovalBody::of(&asked, ctx.now))
    })
    .await
}

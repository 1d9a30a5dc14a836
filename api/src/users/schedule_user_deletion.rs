use actix_web::post;
use roles::CriticalChange;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::{ApprovalBody, AskDeletion};

/// Asks for the deletion of an account
///
/// Another approver has to agree (`approve_change`). If nobody else has an effective vote, it is agreed to after seven days
/// unless somebody concerned denies it; if nobody else holds the right, at once. See `course`. Then the account is shut off, the person is told how to keep it, and after the grace period it is deleted: what is left has no name and no
/// address, and requests and messages stay.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = AskDeletion, extensions(("x-required-permission" = json!("delete_users"))),
    responses((status = 202, description = "Asked for, or scheduled at once.", body = ApprovalBody)))]
#[post("/users/{user_id}/schedule-deletion")]
pub(super) async fn schedule_user_deletion(call: Call<UserPath, (), AskDeletion>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        work.may_be_deleted(&case)?;
        let request = input.body.request(work)?;
        let change = CriticalChange::DeleteAccount(request);
        let asked = work.ask_or_do(change, &case, &input.body.reason)?;
        Answer::accepted(&ApprovalBody::of(&asked, work.now))
    })
    .await
}

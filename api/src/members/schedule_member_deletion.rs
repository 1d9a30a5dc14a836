use actix_web::post;
use roles::CriticalChange;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::{ApprovalBody, AskDeletion};

/// Schedules the deletion of a member's account
///
/// Another approver has to agree (`approve_org_change`). If nobody else has an effective vote, it is agreed to after seven
/// days unless somebody concerned denies it (`course`). Then the account is shut off, the person is told how to keep it, and after the grace period it is deleted: what is left has no name and no address, and requests and
/// messages stay. Only for an account that is the organization's alone, else 409 `account_shared`.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = AskDeletion, extensions(("x-required-permission" = json!("delete_member_accounts"))),
    responses((status = 202, description = "Asked for.", body = ApprovalBody)))]
#[post("/orgs/{org_id}/members/{user_id}/schedule-deletion")]
pub(super) async fn schedule_member_deletion(call: Call<MemberPath, (), AskDeletion>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.may_be_deleted(&managed)?;
        let request = input.body.request(ctx)?;
        let change = CriticalChange::DeleteAccount(request);
        let asked = ctx.ask_for(change, managed.account.id, managed.org, &input.body.reason)?;
        Answer::accepted(&ApprovalBody::of(&asked, ctx.now))
    })
    .await
}

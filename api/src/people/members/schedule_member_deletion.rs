use crate::people::deletion_body::ScheduleDeletion;
use actix_web::post;
use application::accounts::deletion::may_be_deleted;
use application::accounts::managed_account::managed_account_in_org;
use application::approvals::critical::request_approval;
use roles::CriticalChange;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::MemberPath;
use crate::people::approvals::approval::ApprovalBody;

/// Schedules the deletion of a member's account
///
/// Another approver has to agree (`approve_org_change`). If no one else has an effective vote, it is agreed to after seven
/// days unless a person concerned denies it (`takes_effect`). Then the account is blocked, the person is notified how to cancel, and after the grace period it is deleted: what is left has no name and no address, and requests and
/// messages stay. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ScheduleDeletion, extensions(("x-required-permission" = json!("delete_member_accounts")),
        ("x-problem-codes" = json!(["membership_unclaimed", "already_exists", "invalid_transition", "account_shared", "rule_violated"]))),
    responses((status = 202, description = "The pending critical change.", body = ApprovalBody)))]
#[post("/orgs/{org_id}/members/{user_id}/schedule-deletion")]
pub(super) async fn schedule_member_deletion(call: Call<MemberPath, (), ScheduleDeletion>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        may_be_deleted(ctx, &managed)?;
        let request = input.body.request(ctx)?;
        let change = CriticalChange::DeleteAccount(request);
        let approval = request_approval(ctx, change, managed.account.id, managed.org, &input.body.reason)?;
        Answer::accepted(&ApprovalBody::of(&approval, ctx.now))
    })
    .await
}

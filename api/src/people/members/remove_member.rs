use actix_web::delete;
use application::approvals::critical::in_organization::may_remove_owner_alone;
use application::approvals::critical::request_approval;
use application::members::membership_changes::record_membership;
use roles::CriticalChange;
use users::AccountEventKind;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{MemberPath, audience, find_member};
use crate::people::approvals::approval::ApprovalBody;

/// Ends a membership
///
/// The person's account and what they wrote stay. An owner stays until another owner has agreed (`approve_org_change`), or
/// for seven days if no one else has an effective vote (`takes_effect`). Until the vote of a new owner starts, one owner removes
/// them alone. The last active owner cannot be removed.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), extensions(("x-required-permission" = json!("manage_members")),
        ("x-problem-codes" = json!(["already_exists", "last_owner"]))),
    responses(
        (status = 204, description = "The membership is ended."),
        (status = 202, description = "Removing an owner requires approval: the pending change.", body = ApprovalBody),
    ))]
#[delete("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn remove_member(call: Call<MemberPath>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let member = find_member(ctx, input.path.user_id())?;
        input.meta.require_match(member.membership.version, &audience(&member))?;
        let roles = ctx.tx.roles(org).all()?;
        let others = ctx.tx.members(org).other_owners(member.account.id)?;
        let event = roles::remove_member(&member.membership, &ctx.caller, &roles, others)?;
        if member.membership.is_owner() && !may_remove_owner_alone(ctx, member.account.id)? {
            let reason = "Removal of an owner's membership.";
            let approval =
                request_approval(ctx, CriticalChange::RemoveOwner, member.account.id, Some(org), reason)?;
            return Answer::accepted(&ApprovalBody::of(&approval, ctx.now));
        }
        ctx.tx.members(org).remove(&member.membership, ctx.now)?;
        ctx.record(event);
        record_membership(ctx, AccountEventKind::MemberRemoved, (Some(&member.membership), None), None)?;
        Ok(Answer::no_content())
    })
    .await
}

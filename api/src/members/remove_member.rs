use actix_web::delete;
use roles::CriticalChange;

use super::body::{MemberPath, audience};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IfMatch;
use crate::people::ApprovalBody;

/// Ends a membership
///
/// The person's account and what they wrote stay. An owner stays until another owner has agreed (`approve_org_change`), or
/// for seven days if no one else has an effective vote (`course`). Until the vote of a new owner starts, one owner removes
/// them alone. The last active owner cannot be removed.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), extensions(("x-required-permission" = json!("manage_members"))),
    responses(
        (status = 204, description = "Ended."),
        (status = 202, description = "An owner is to be removed: asked for.", body = ApprovalBody),
    ))]
#[delete("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn remove_member(call: Call<MemberPath>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let member = ctx.member(input.path.user_id())?;
        ctx.require_match(member.membership.version, &audience(&member))?;
        let roles = ctx.tx.roles(org).all()?;
        let others = ctx.tx.members(org).other_owners(member.account.id)?;
        let event = roles::remove_member(&member.membership, &ctx.caller, &roles, others)?;
        if member.membership.is_owner() && !ctx.may_remove_owner_alone(member.account.id)? {
            let reason = "An owner's membership is to end.";
            let asked = ctx.ask_for(CriticalChange::RemoveOwner, member.account.id, Some(org), reason)?;
            return Answer::accepted(&ApprovalBody::of(&asked, ctx.now));
        }
        ctx.tx.members(org).remove(&member.membership, ctx.now)?;
        ctx.record(event);
        ctx.record_membership("member_removed", (Some(&member.membership), None), None)?;
        Ok(Answer::no_content())
    })
    .await
}

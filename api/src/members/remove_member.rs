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
/// for seven days if nobody else has an effective vote (`course`). Until the vote of a new owner starts, one owner removes
/// them alone. The last active owner cannot be removed.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), extensions(("x-required-permission" = json!("manage_members"))),
    responses(
        (status = 204, description = "Ended."),
        (status = 202, description = "An owner is to be removed: asked for.", body = ApprovalBody),
    ))]
#[delete("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn remove_member(call: Call<MemberPath>) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        work.tx.members(org).one_at_a_time()?;
        let member = work.member(input.path.user_id())?;
        work.require_match(member.membership.version, &audience(&member))?;
        let roles = work.tx.roles(org).all()?;
        let others = work.tx.members(org).other_owners(member.account.id)?;
        let event = roles::remove_member(&member.membership, &work.who, &roles, others)?;
        if member.membership.is_owner() && !work.may_remove_owner_alone(member.account.id)? {
            let reason = "An owner's membership is to end.";
            let asked = work.ask_for(CriticalChange::RemoveOwner, member.account.id, Some(org), reason)?;
            return Answer::accepted(&ApprovalBody::of(&asked, work.now));
        }
        work.tx.members(org).remove(&member.membership, work.now)?;
        work.record(event);
        work.note_membership("member_removed", (Some(&member.membership), None), None)?;
        Ok(Answer::no_content())
    })
    .await
}

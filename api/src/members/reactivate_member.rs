use actix_web::post;
use mail::MailKind;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Reactivates a suspended member
///
/// The person is notified. A member who is not suspended is 409.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("suspend_members"))),
    responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/reactivate")]
pub(super) async fn reactivate_member(call: Call<MemberPath, (), WithReason>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let member = ctx.member(input.path.user_id())?;
        let roles = ctx.tx.roles(org).all()?;
        let (active, event) = member.membership.reactivate(&ctx.caller, &roles, ctx.now)?;
        ctx.tx.members(org).save(&active)?;
        ctx.record(event);
        let managed = ctx.managed_account(input.path.user_id())?;
        let event_of = ctx.event_of("member_reactivated", &managed, Some(&input.body.reason));
        ctx.tx.record_account(&event_of)?;
        managed.outgoing_mail(MailKind::AccountReactivated).queue(ctx.tx, ctx.now)?;
        ctx.show_member(input.path.user_id())
    })
    .await
}

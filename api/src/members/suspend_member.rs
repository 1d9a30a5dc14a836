use actix_web::post;
use roles::Membership;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::context::Context;
use crate::openapi::IdempotencyKey;
use crate::people::Suspend;
use crate::problem::Problem;
use crate::words::instant;

/// Suspends a member in this organization
///
/// It takes effect at the member's next request, in this organization only. With `until` it ends by itself. The last active
/// owner can't be suspended.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = Suspend, extensions(("x-required-permission" = json!("suspend_members"))),
    responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/suspend")]
pub(super) async fn suspend_member(call: Call<MemberPath, (), Suspend>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let member = ctx.member(input.path.user_id())?;
        let roles = ctx.tx.roles(org).all()?;
        let others = ctx.tx.members(org).other_owners(member.account.id)?;
        let suspension = input.body.suspension(ctx.now)?;
        let (suspended, event) =
            member.membership.suspend(&ctx.caller, suspension, &roles, others, ctx.now)?;
        ctx.tx.members(org).save(&suspended)?;
        ctx.record(event);
        ctx.record_suspension(&suspended, input.body.is_notified())?;
        ctx.show_member(input.path.user_id())
    })
    .await
}

impl Context<'_, '_> {
    /// Writes a suspension into the history of the account, and tells the person.
    fn record_suspension(&mut self, suspended: &Membership, is_notified: bool) -> Result<(), Problem> {
        let managed = self.managed_account(suspended.user_id)?;
        let Some(suspension) = &suspended.suspension else { return Ok(()) };
        let mut event = self.event_of("member_suspended", &managed, Some(&suspension.reason));
        if let Some(until) = suspension.until {
            event = event.changed("until", "", &instant(until));
        }
        self.tx.record_account(&event)?;
        if is_notified {
            managed.suspension_mail(suspension).queue(self.tx, self.now)?;
        }
        Ok(())
    }
}

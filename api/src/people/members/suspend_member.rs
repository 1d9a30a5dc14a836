use actix_web::post;
use application::accounts::managed_account::{managed_account_event, managed_account_in_org};
use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use roles::Membership;
use users::AccountEventKind;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{MemberBody, MemberPath, find_member, show_member};
use crate::people::reason::SuspensionRequest;

/// Suspends a member in this organization
///
/// It takes effect at the member's next request, in this organization only. With `until` it ends by itself. The last active
/// owner can't be suspended.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = SuspensionRequest, extensions(("x-required-permission" = json!("suspend_members")),
        ("x-problem-codes" = json!(["invalid_transition", "last_owner", "rule_violated"]))),
    responses((status = 200, description = "The updated member.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/suspend")]
pub(super) async fn suspend_member(call: Call<MemberPath, (), SuspensionRequest>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let member = find_member(ctx, input.path.user_id())?;
        let roles = ctx.tx.roles(org).all()?;
        let others = ctx.tx.members(org).other_owners(member.account.id)?;
        let suspension = input.body.suspension(ctx.now)?;
        let (suspended, event) =
            member.membership.suspend(&ctx.caller, suspension, &roles, others, ctx.now)?;
        ctx.tx.members(org).save(&suspended)?;
        ctx.record(event);
        record_suspension(ctx, &suspended, input.body.is_notified())?;
        show_member(ctx, input.path.user_id())
    })
    .await
}

/// Records a suspension in the history of the account, and notifies the person.
fn record_suspension(
    ctx: &mut Context<'_, '_>,
    suspended: &Membership,
    is_notified: bool,
) -> Result<(), Problem> {
    let managed = managed_account_in_org(ctx, suspended.user_id)?;
    let Some(suspension) = &suspended.suspension else { return Ok(()) };
    let mut event =
        managed_account_event(ctx, AccountEventKind::MemberSuspended, &managed, Some(&suspension.reason));
    if let Some(until) = suspension.until {
        event = event.changed("until", "", &instant(until));
    }
    ctx.tx.record_account(&event)?;
    if is_notified {
        managed.suspension_mail(suspension).queue(ctx.tx, ctx.now)?;
    }
    Ok(())
}

use actix_web::post;
use application::accounts::managed_account::{managed_account_event, managed_account_in_org};
use mail::MailKind;
use users::AccountEventKind;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{MemberBody, MemberPath, find_member, show_member};
use crate::people::reason::ReasonBody;

/// Reactivates a suspended member
///
/// The person is notified. Returns 409 if the member is not suspended.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("suspend_members")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated member.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/reactivate")]
pub(super) async fn reactivate_member(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let member = find_member(ctx, input.path.user_id())?;
        let roles = ctx.tx.roles(org).all()?;
        let (active, event) = member.membership.reactivate(&ctx.caller, &roles, ctx.now)?;
        ctx.tx.members(org).save(&active)?;
        ctx.record(event);
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        let history_event = managed_account_event(
            ctx,
            AccountEventKind::MemberReactivated,
            &managed,
            Some(&input.body.reason),
        );
        ctx.tx.record_account(&history_event)?;
        managed.outgoing_mail(MailKind::AccountReactivated).queue(ctx.tx, ctx.now)?;
        show_member(ctx, input.path.user_id())
    })
    .await
}

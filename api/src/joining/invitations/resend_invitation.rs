use actix_web::post;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{InvitationBody, OrgInvitationPath};
use super::invite::{find_invitation, require_may_offer_in_org};
use super::resend::{ResendInvitation, resend};

/// Mails an invitation to an organization again
///
/// With another expiry it gets a new link, and the earlier one stops working. Returns 429 for a second mail within
/// 15 minutes, and 409 if the invitation is not pending.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IdempotencyKey), request_body = Option<ResendInvitation>, extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["invalid_transition", "reference_not_found", "rule_violated", "too_many_attempts"]))),
    responses((status = 200, description = "The updated invitation.", body = InvitationBody)))]
#[post("/orgs/{org_id}/invitations/{invitation_id}/resend")]
pub(super) async fn resend_invitation(call: Call<OrgInvitationPath, (), Option<ResendInvitation>>) -> Reply {
    call.write(|ctx, input| {
        let found = find_invitation(ctx, Some(ctx.caller.org_id), input.path.invitation_id)?;
        require_may_offer_in_org(ctx, &found.invitation.offer)?;
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        let until = input.body.as_ref().and_then(|body| body.valid_until);
        resend(ctx, org, input.path.invitation_id, until, by)
    })
    .await
}

use actix_web::post;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{InvitationBody, InvitationPath};
use super::invite::{find_invitation, require_may_offer_on_platform};
use super::resend::{ResendInvitation, resend};

/// Mails an invitation to the platform again
///
/// With another expiry it gets a new link, and the earlier one stops working. Returns 429 for a second mail within
/// 15 minutes, and 409 if the invitation is not pending.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "platform_invitations", params(InvitationPath, IdempotencyKey), request_body = Option<ResendInvitation>, extensions(("x-required-permission" = json!("invite_users")),
        ("x-problem-codes" = json!(["invalid_transition", "rule_violated", "too_many_attempts"]))),
    responses((status = 200, description = "The updated invitation.", body = InvitationBody)))]
#[post("/invitations/{invitation_id}/resend")]
pub(super) async fn resend_platform_invitation(
    call: Call<InvitationPath, (), Option<ResendInvitation>>,
) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let found = find_invitation(ctx, None, input.path.invitation_id)?;
        require_may_offer_on_platform(ctx, &found.invitation.offer)?;
        let (org, by) = (None, ctx.caller.user_id());
        let until = input.body.as_ref().and_then(|body| body.valid_until);
        resend(ctx, org, input.path.invitation_id, until, by)
    })
    .await
}

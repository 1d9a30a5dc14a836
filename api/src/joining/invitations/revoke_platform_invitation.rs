use actix_web::post;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{InvitationBody, InvitationPath};
use super::invite::{
    InvitationAct, find_invitation, record_invitation_event, require_may_offer_on_platform,
    save_invitation_and_code, show_invitation,
};

/// Revokes an invitation to the platform
///
/// Its link stops working immediately. Returns 409 if the invitation was decided or has expired.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "platform_invitations", params(InvitationPath, IdempotencyKey), extensions(("x-required-permission" = json!("invite_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated invitation.", body = InvitationBody)))]
#[post("/invitations/{invitation_id}/revoke")]
pub(super) async fn revoke_platform_invitation(call: Call<InvitationPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let (org, by) = (None, ctx.caller.user_id());
        let found = find_invitation(ctx, org, input.path.invitation_id)?;
        require_may_offer_on_platform(ctx, &found.invitation.offer)?;
        let revoked = found.invitation.revoke(ctx.now)?;
        save_invitation_and_code(ctx, &found.invitation, &revoked)?;
        record_invitation_event(ctx, &revoked, InvitationAct::Revoked, by)?;
        show_invitation(ctx, org, revoked.id)
    })
    .await
}

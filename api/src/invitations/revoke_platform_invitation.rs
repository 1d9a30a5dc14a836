use actix_web::post;

use super::body::{InvitationBody, InvitationPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;

/// Revokes an invitation to the platform
///
/// Its link stops working immediately. An invitation that was decided or has expired is 409.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "platform_invitations", params(InvitationPath, IdempotencyKey), extensions(("x-required-permission" = json!("invite_users"))),
    responses((status = 200, description = "The invitation as it is now.", body = InvitationBody)))]
#[post("/invitations/{invitation_id}/revoke")]
pub(super) async fn revoke_platform_invitation(call: Call<InvitationPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let (org, by) = (None, ctx.caller.user_id());
        let found = ctx.invitation(org, input.path.invitation_id)?;
        ctx.may_offer(&found.invitation.offer)?;
        let revoked = found.invitation.revoke(ctx.now)?;
        ctx.save_invitation_and_code(&found.invitation, &revoked)?;
        ctx.notify_of(&revoked, "invitation_revoked", by)?;
        ctx.show_invitation(org, revoked.id)
    })
    .await
}

use actix_web::post;

use super::body::{InvitationBody, OrgInvitationPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;

/// Revokes an invitation to an organization
///
/// Its link stops working immediately. An invitation that was decided or has expired is 409.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IdempotencyKey), extensions(("x-required-permission" = json!("invite_members"))),
    responses((status = 200, description = "The invitation as it is now.", body = InvitationBody)))]
#[post("/orgs/{org_id}/invitations/{invitation_id}/revoke")]
pub(super) async fn revoke_invitation(call: Call<OrgInvitationPath>) -> Reply {
    call.write(|ctx, input| {
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        let found = ctx.invitation(org, input.path.invitation_id)?;
        ctx.may_offer(&found.invitation.offer)?;
        let revoked = found.invitation.revoke(ctx.now)?;
        ctx.save_invitation_and_code(&found.invitation, &revoked)?;
        ctx.notify_of(&revoked, "invitation_revoked", by)?;
        ctx.show_invitation(org, revoked.id)
    })
    .await
}

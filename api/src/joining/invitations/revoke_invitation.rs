use actix_web::post;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{InvitationBody, OrgInvitationPath};
use super::invite::{
    InvitationAct, find_invitation, record_invitation_event, require_may_handle_in_org,
    save_invitation_and_code, show_invitation,
};

/// Revokes an invitation to an organization
///
/// Its link stops working immediately. Returns 409 if the invitation was decided or has expired.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IdempotencyKey), extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated invitation.", body = InvitationBody)))]
#[post("/orgs/{org_id}/invitations/{invitation_id}/revoke")]
pub(super) async fn revoke_invitation(call: Call<OrgInvitationPath>) -> Reply {
    call.write(|ctx, input| {
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        let found = find_invitation(ctx, org, input.path.invitation_id)?;
        require_may_handle_in_org(ctx, &found.invitation.offer)?;
        let revoked = found.invitation.revoke(ctx.now)?;
        save_invitation_and_code(ctx, &found.invitation, &revoked)?;
        record_invitation_event(ctx, &revoked, InvitationAct::Revoked, by)?;
        show_invitation(ctx, org, revoked.id)
    })
    .await
}

use actix_web::get;
use invitations::InvitationId;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{InvitationBody, OrgInvitationPath};
use super::invite::show_invitation;

/// Reads an invitation to an organization
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IfNoneMatch), extensions(("x-required-permission" = json!("invite_members"))), responses(
    (status = 200, description = "The invitation.", body = InvitationBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/invitations/{invitation_id}")]
pub(super) async fn get_invitation(call: Call<OrgInvitationPath>) -> Reply {
    call.read(|ctx, input| {
        let org = Some(ctx.caller.org_id);
        show_invitation(ctx, org, InvitationId(input.path.invitation_id))
    })
    .await
}

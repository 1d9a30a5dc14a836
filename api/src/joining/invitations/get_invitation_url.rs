use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::OrgInvitationPath;
use super::invite::{find_invitation, require_may_handle_in_org};
use super::url::{InvitationUrl, show_invitation_url};

/// Reads the link of an invitation to an organization
///
/// For people who did not receive the mail, to hand over by a channel that you trust. Returns 409 unless it is pending. Each reading is recorded.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath), extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The link of the invitation.", body = InvitationUrl)))]
#[get("/orgs/{org_id}/invitations/{invitation_id}/url")]
pub(super) async fn get_invitation_url(call: Call<OrgInvitationPath>) -> Reply {
    call.write(|ctx, input| {
        let found = find_invitation(ctx, Some(ctx.caller.org_id), input.path.invitation_id)?;
        require_may_handle_in_org(ctx, &found.invitation.offer)?;
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        Answer::ok(&show_invitation_url(ctx, org, input.path.invitation_id, by)?)
    })
    .await
}

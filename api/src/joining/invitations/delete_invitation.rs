use actix_web::delete;
use application::problem::Problem;
use application::problem_codes::Code;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{OrgInvitationPath, audience};
use super::invite::{InvitationAct, find_invitation, record_invitation_event, require_may_handle_in_org};

/// Deletes an invitation to an organization
///
/// Its link stops working. An invitation that was accepted or declined cannot be deleted (409).
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IfMatch), extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 204, description = "The invitation is deleted.")))]
#[delete("/orgs/{org_id}/invitations/{invitation_id}")]
pub(super) async fn delete_invitation(call: Call<OrgInvitationPath>) -> Reply {
    call.write(|ctx, input| {
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        let found = find_invitation(ctx, org, input.path.invitation_id)?;
        require_may_handle_in_org(ctx, &found.invitation.offer)?;
        input.meta.require_match(found.invitation.version, &audience(&found, ctx.now))?;
        if !found.invitation.may_be_deleted() {
            return Err(Problem::new(
                Code::Conflict,
                "An invitation that was accepted or declined cannot be deleted.",
            ));
        }
        ctx.tx.remove_invitation(&found.invitation)?;
        record_invitation_event(ctx, &found.invitation, InvitationAct::Deleted, by)?;
        Ok(Answer::no_content())
    })
    .await
}

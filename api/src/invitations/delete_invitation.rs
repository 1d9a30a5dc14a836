use actix_web::delete;

use super::body::{OrgInvitationPath, audience};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IfMatch;
use crate::problem::{Code, Problem};

/// Deletes an invitation to an organization
///
/// Its link stops working. An invitation that was accepted or declined cannot be deleted (409).
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "invitations", params(OrgInvitationPath, IfMatch), extensions(("x-required-permission" = json!("invite_members"))),
    responses((status = 204, description = "Gone.")))]
#[delete("/orgs/{org_id}/invitations/{invitation_id}")]
pub(super) async fn delete_invitation(call: Call<OrgInvitationPath>) -> Reply {
    call.write(|ctx, input| {
        let (org, by) = (Some(ctx.caller.org_id), ctx.caller.user_id);
        let found = ctx.invitation(org, input.path.invitation_id)?;
        ctx.may_offer(&found.invitation.offer)?;
        ctx.require_match(found.invitation.version, &audience(&found, ctx.now))?;
        if !found.invitation.may_be_deleted() {
            return Err(Problem::new(Code::Conflict, "What was accepted or declined is kept."));
        }
        ctx.tx.remove_invitation(&found.invitation)?;
        ctx.notify_of(&found.invitation, "invitation_deleted", by)?;
        Ok(Answer::no_content())
    })
    .await
}

use actix_web::delete;

use super::body::{InvitationPath, audience};
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfMatch;
use crate::problem::{Code, Problem};

/// Deletes an invitation to the platform
///
/// Its link stops working. An invitation that was accepted or declined cannot be deleted (409).
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "platform_invitations", params(InvitationPath, IfMatch), extensions(("x-required-permission" = json!("invite_users"))),
    responses((status = 204, description = "Gone.")))]
#[delete("/invitations/{invitation_id}")]
pub(super) async fn delete_platform_invitation(call: Call<InvitationPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let (org, by) = (None, ctx.caller.user_id());
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

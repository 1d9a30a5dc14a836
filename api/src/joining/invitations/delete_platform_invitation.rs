use actix_web::delete;
use application::problem::Problem;
use application::problem_codes::Code;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{InvitationPath, audience};
use super::invite::{InvitationAct, find_invitation, record_invitation_event, require_may_offer_on_platform};

/// Deletes an invitation to the platform
///
/// Its link stops working. An invitation that was accepted or declined cannot be deleted (409).
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "platform_invitations", params(InvitationPath, IfMatch), extensions(("x-required-permission" = json!("invite_users")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 204, description = "The invitation is deleted.")))]
#[delete("/invitations/{invitation_id}")]
pub(super) async fn delete_platform_invitation(call: Call<InvitationPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let (org, by) = (None, ctx.caller.user_id());
        let found = find_invitation(ctx, org, input.path.invitation_id)?;
        require_may_offer_on_platform(ctx, &found.invitation.offer)?;
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

use actix_web::get;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::InvitationPath;
use super::invite::{find_invitation, require_may_offer_on_platform};
use super::url::{InvitationUrl, show_invitation_url};

/// Reads the link of an invitation to the platform
///
/// For people who did not receive the mail, to hand over by a channel that you trust. Returns 409 unless it is pending. Each reading is recorded.
///
/// Requires the right to send the same invitation.
#[utoipa::path(tag = "platform_invitations", params(InvitationPath), extensions(("x-required-permission" = json!("invite_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The link of the invitation.", body = InvitationUrl)))]
#[get("/invitations/{invitation_id}/url")]
pub(super) async fn get_platform_invitation_url(call: Call<InvitationPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let found = find_invitation(ctx, None, input.path.invitation_id)?;
        require_may_offer_on_platform(ctx, &found.invitation.offer)?;
        let (org, by) = (None, ctx.caller.user_id());
        Answer::ok(&show_invitation_url(ctx, org, input.path.invitation_id, by)?)
    })
    .await
}

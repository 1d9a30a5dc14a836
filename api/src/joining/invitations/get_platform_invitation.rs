use actix_web::get;
use invitations::InvitationId;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{InvitationBody, InvitationPath};
use super::invite::show_invitation;

/// Reads an invitation to the platform
#[utoipa::path(tag = "platform_invitations", params(InvitationPath, IfNoneMatch), extensions(("x-required-permission" = json!("invite_users"))), responses(
    (status = 200, description = "The invitation.", body = InvitationBody),
    (status = 304, description = "Not modified."),
))]
#[get("/invitations/{invitation_id}")]
pub(super) async fn get_platform_invitation(call: Call<InvitationPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let org = None;
        show_invitation(ctx, org, InvitationId(input.path.invitation_id))
    })
    .await
}

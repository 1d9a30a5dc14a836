use super::invitation_code::InvitationCode;
use actix_web::post;
use application::invitations::code;
use application::problem::Problem;
use invitations::Offer;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// The result of accepting an invitation.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c"}))]
pub(crate) struct AcceptedInvitation {
    /// The organization that the person has joined; null: the platform.
    org_id: Option<Uuid>,
}

/// Accepts an invitation, logged in
///
/// The account has to have the invited address. Without an account, register with the code (`create_registration`): it is
/// accepted when the address is confirmed. Of many who use the code at once, one succeeds.
/// Returns 410 if it was used, declined, revoked or replaced, or has expired. Returns 409 if the invitation is not valid yet, if its
/// inviter is suspended or may no longer grant what was offered, and if you are a member already. Returns
/// 403 `address_unproved` if the address of the account is not proved, unless the inviting organization made the account.
#[utoipa::path(tag = "invitations", request_body = InvitationCode, extensions(("x-problem-codes" = json!(["forbidden", "address_unproved", "already_exists", "conflict", "gone"]))),
    responses(
        (status = 200, description = "The invitation is accepted.", body = AcceptedInvitation),
    ))]
#[post("/invitation-codes/accept")]
pub(super) async fn accept_invitation(call: Call<(), (), InvitationCode>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let found = code::find(ctx.tx, &input.body.code, ctx.now)?;
        let account = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
        let accepted = code::accept(ctx.tx, &found, &account, ctx.origin, ctx.now)?;
        let org_id = match accepted.offer {
            Offer::Platform(_) => None,
            Offer::Membership { org, .. } => Some(org.0),
        };
        Answer::ok(&AcceptedInvitation { org_id })
    })
    .await
}

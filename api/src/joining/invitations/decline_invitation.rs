use super::invitation_code::InvitationCode;
use actix_web::post;
use application::clock::now;
use application::invitations::code;
use persistence::Scope;
use web::answer::Answer;
use web::call::{Call, Reply};

/// Declines an invitation
///
/// Requires its code. The address can be invited again. Returns 410 if the code was used, declined, revoked or
/// replaced, or has expired.
#[utoipa::path(tag = "invitations", security(()), request_body = InvitationCode, extensions(("x-problem-codes" = json!(["conflict", "gone"]))),
    responses(
        (status = 204, description = "The invitation is declined."),
    ))]
#[post("/invitation-codes/decline")]
pub(super) async fn decline_invitation(call: Call<(), (), InvitationCode>) -> Reply {
    let input = call.input()?;
    let (app, meta) = (call.app, call.meta);
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let now = now();
            let found = code::find(tx, &input.body.code, now)?;
            let declined = found.invitation.decline(found.inviter_is_active, now)?;
            tx.save_invitation(&declined, None)?;
            code::record_decline(tx, &declined, &meta.origin)
        })
        .await?;
    Ok(Answer::no_content().into_response(None))
}

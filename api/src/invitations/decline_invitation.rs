use actix_web::post;
use persistence::Scope;

use super::code::{self, InvitationCode};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::clock::now;

/// Declines an invitation
///
/// Requires its code. The address can be invited again. A code that was used, declined, revoked, replaced or is over
/// is 410.
#[utoipa::path(tag = "invitations", security(()), request_body = InvitationCode, responses(
    (status = 204, description = "Declined."),
    (status = 410, description = "The code does not work.", content_type = "application/problem+json", body = crate::problem::ProblemBody),
    (status = 409, description = "The inviter is suspended.", content_type = "application/problem+json", body = crate::problem::ProblemBody),
))]
#[post("/invitation-codes/decline")]
pub(super) async fn decline_invitation(call: Call<(), (), InvitationCode>) -> Reply {
    let input = call.input()?;
    let (app, head) = (call.app, call.head);
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let now = now();
            let found = code::find(tx, &input.body.code, now)?;
            let declined = found.invitation.decline(found.inviter_is_active, now)?;
            tx.save_invitation(&declined, None)?;
            code::record_decline(tx, &declined, &head)
        })
        .await?;
    Ok(Answer::no_content().into_response(None))
}

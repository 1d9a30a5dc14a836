use actix_web::post;
use application::context::new_id;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::batch::{InvitationBatch, invite_all};
use super::body::CreatePlatformInvitationBatch;
use super::invite::offer_on_platform;

/// Invites up to 100 people to the platform at once
///
/// Each address gets its own result, in the order sent: an invitation, or the problem that prevented it, such as
/// an open invitation that exists already, a mail that went to the address less than 15 minutes ago, or that the text is no
/// address. What is wrong with all refuses the whole call.
#[utoipa::path(tag = "platform_invitations", params(IdempotencyKey), request_body = CreatePlatformInvitationBatch, extensions(("x-required-permission" = json!("invite_users")),
        ("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 200, description = "A result for each address.", body = InvitationBatch)))]
#[post("/invitation-batches")]
pub(super) async fn create_platform_invitation_batch(
    call: Call<(), (), CreatePlatformInvitationBatch>,
) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let offer = offer_on_platform(ctx, input.body.platform_role.map(|role| role.0))?;
        let (org, by, batch) = (None, ctx.caller.user_id(), new_id());
        let results = invite_all(ctx, org, &offer, &input.body.emails, &input.body.terms, by, batch)?;
        Answer::ok(&InvitationBatch { batch_id: batch, results })
    })
    .await
}

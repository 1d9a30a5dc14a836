use actix_web::post;
use application::context::new_id;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::batch::{InvitationBatch, invite_all};
use super::body::CreateInvitationBatch;
use super::invite::offer_in_org;
use crate::organizations::orgs::OrgPath;

/// Invites up to 100 people to an organization at once
///
/// Each address gets its own result, in the order sent: an invitation, or the problem that prevented it, such as
/// an open invitation that exists already, a mail that went to the address less than 15 minutes ago, or that the text is no
/// address. What is wrong with all refuses the whole call.
#[utoipa::path(tag = "invitations", params(OrgPath, IdempotencyKey), request_body = CreateInvitationBatch, extensions(("x-required-permission" = json!("invite_members")),
        ("x-problem-codes" = json!(["reference_not_found", "rule_violated"]))),
    responses((status = 200, description = "A result for each address.", body = InvitationBatch)))]
#[post("/orgs/{org_id}/invitation-batches")]
pub(super) async fn create_invitation_batch(call: Call<OrgPath, (), CreateInvitationBatch>) -> Reply {
    call.write(|ctx, input| {
        let offer = offer_in_org(ctx, input.body.roles.as_deref(), input.body.location_ids.as_deref())?;
        let (org, by, batch) = (Some(ctx.caller.org_id), ctx.caller.user_id, new_id());
        let results = invite_all(ctx, org, &offer, &input.body.emails, &input.body.terms, by, batch)?;
        Answer::ok(&InvitationBatch { batch_id: batch, results })
    })
    .await
}

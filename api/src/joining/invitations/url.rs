use application::clock::instant;
use application::context::Context;
use application::keys::Secret;
use application::problem::Problem;
use application::problem_codes::Code;
use invitations::InvitationStatus;
use orgs::OrgId;
use serde::Serialize;
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::invite::{InvitationAct, find_invitation, record_invitation_event};

/// The link of an invitation.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"url": "https://help.example.org/invitation#code=q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "code": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "valid_until": "2026-12-22T14:05:00.000000Z"}))]
pub(crate) struct InvitationUrl {
    /// For the invited person.
    url: String,
    /// The same without its address, for `preview_invitation`, `accept_invitation`, `decline_invitation` and
    /// `create_registration`.
    code: String,
    #[schema(value_type = DateTime<Utc>)]
    valid_until: String,
}

/// The link, while it works. Records the access (S001-9).
pub(super) fn show_invitation_url<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    id: Uuid,
    by: UserId,
) -> Result<InvitationUrl, Problem> {
    let found = find_invitation(ctx, org, id)?;
    let (found, hash) = ctx.tx.invitation_and_hash(found.invitation.id)?.ok_or_else(Problem::not_found)?;
    let invitation = found.invitation;
    let status = invitation.status(found.inviter_is_active, ctx.now);
    if status != InvitationStatus::Pending {
        let detail = format!("The invitation is {}.", status.as_str());
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    let secret = Secret::Invitation(invitation.generation);
    let lost = || {
        Problem::new(
            Code::Conflict,
            "The signing key of the code is gone; resend the invitation with a new expiry.",
        )
    };
    let code = ctx.app.keys.code_hashing_to(secret, invitation.id.0, &hash).ok_or_else(lost)?;
    record_invitation_event(ctx, &invitation, InvitationAct::UrlRead, by)?;
    Ok(InvitationUrl {
        url: format!("{}/invitation#code={code}", ctx.app.public_url),
        code,
        valid_until: instant(invitation.valid_until),
    })
}

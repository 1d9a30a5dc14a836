use application::context::Context;
use application::keys::Secret;
use application::problem::Problem;
use chrono::{DateTime, Utc};
use mail::MailKind;
use orgs::OrgId;
use serde::Deserialize;
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;

use super::invite::{
    InvitationAct, find_invitation, mail_invitation, record_invitation_event, require_mail_cooldown,
    save_invitation_and_code, show_invitation,
};

/// Changes of an invitation that is mailed again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"valid_until": "2027-01-31T00:00:00Z"}))]
pub(crate) struct ResendInvitation {
    /// The new expiry. Default: unchanged.
    pub(super) valid_until: Option<DateTime<Utc>>,
}

/// Mails an invitation again (S001-10).
pub(super) fn resend<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    id: Uuid,
    until: Option<DateTime<Utc>>,
    by: UserId,
) -> Result<Answer, Problem> {
    let found = find_invitation(ctx, org, id)?;
    let sent = found.invitation.resend(until, found.inviter_is_active, ctx.now)?;
    require_mail_cooldown(ctx, &sent.email, by)?;
    // A code cannot be mailed again if its signing key is gone.
    let sent = match ctx.tx.invitation_and_hash(sent.id)? {
        Some((_, hash)) if sent.generation == found.invitation.generation => {
            let secret = Secret::Invitation(sent.generation);
            match ctx.app.keys.code_hashing_to(secret, sent.id.0, &hash) {
                Some(_) => sent,
                None => sent.with_new_code(),
            }
        }
        _ => sent,
    };
    save_invitation_and_code(ctx, &found.invitation, &sent)?;
    record_invitation_event(ctx, &sent, InvitationAct::Resent, by)?;
    mail_invitation(ctx, &sent, MailKind::Invitation)?;
    show_invitation(ctx, org, sent.id)
}

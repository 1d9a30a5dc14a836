use chrono::{DateTime, Utc};
use mail::MailKind;
use orgs::OrgId;
use serde::Deserialize;
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::context::Context;
use crate::keys::Secret;
use crate::problem::Problem;

/// What changes when an invitation is mailed once more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"valid_until": "2027-01-31T00:00:00Z"}))]
pub(crate) struct ResendInvitation {
    /// The new expiry. Default: unchanged.
    pub(super) valid_until: Option<DateTime<Utc>>,
}

impl<W> Context<'_, '_, W> {
    /// Mails it again (S001-10).
    pub(super) fn resend_invitation(
        &mut self,
        org: Option<OrgId>,
        id: Uuid,
        until: Option<DateTime<Utc>>,
        by: UserId,
    ) -> Result<Answer, Problem> {
        let found = self.invitation(org, id)?;
        let sent = found.invitation.resend(until, found.inviter_is_active, self.now)?;
        self.pause_between_mails(&sent.email, by)?;
        // A code that was made with a key that is gone can't be mailed again.
        let sent = match self.tx.invitation_and_hash(sent.id)? {
            Some((_, hash)) if sent.generation == found.invitation.generation => {
                let secret = Secret::Invitation(sent.generation);
                match self.app.keys.code_hashing_to(secret, sent.id.0, &hash) {
                    Some(_) => sent,
                    None => sent.with_new_code(),
                }
            }
            _ => sent,
        };
        self.save_invitation_and_code(&found.invitation, &sent)?;
        self.notify_of(&sent, "invitation_resent", by)?;
        self.mail_invitation(&sent, MailKind::Invitation)?;
        self.show_invitation(org, sent.id)
    }
}

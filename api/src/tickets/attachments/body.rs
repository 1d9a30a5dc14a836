use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use orgs::Visibility;
use serde::{Deserialize, Serialize};
use tickets::{Attachment, AttachmentId, TicketScope};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::tickets::tickets::find_ticket;

/// Path parameters of a file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct AttachmentPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The file.
    attachment_id: Uuid,
}

impl AttachmentPath {
    pub(super) fn attachment_id(&self) -> AttachmentId {
        AttachmentId(self.attachment_id)
    }
}

/// A file.
#[derive(Serialize, ToSchema)]
#[schema(as = Attachment, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a23", "filename": "screen.png", "content_type": "image/png", "size_bytes": 48211,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "ticket_id": null, "message_id": null, "created_at": "2026-03-02T09:14:40.000000Z"
}))]
pub(crate) struct AttachmentBody {
    id: Uuid,
    /// The name it was uploaded under, cleaned.
    filename: String,
    /// Its media type, detected from its bytes.
    content_type: String,
    size_bytes: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// The ticket it belongs to; null while it is pending.
    ticket_id: Option<Uuid>,
    /// The message it came with; null for a file of the opening request.
    message_id: Option<Uuid>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
}

impl From<&Attachment> for AttachmentBody {
    fn from(file: &Attachment) -> Self {
        Self {
            id: file.id.0,
            filename: file.filename.clone(),
            content_type: file.content_type.clone(),
            size_bytes: file.size_bytes,
            sha256: file.sha256.clone(),
            ticket_id: file.ticket_id.map(|id| id.0),
            message_id: file.message_id.map(|id| id.0),
            created_at: instant(file.created_at),
        }
    }
}

/// A file changes only once: when it is attached.
pub(super) fn version(file: &Attachment) -> i64 {
    if file.ticket_id.is_some() { 2 } else { 1 }
}

/// A file that the caller may view: their own pending one, or one of a ticket and message that they may view (S004-20).
pub(super) fn find_attachment(ctx: &mut Context<'_, '_>, id: AttachmentId) -> Result<Attachment, Problem> {
    let org = ctx.caller.org_id;
    let file = ctx.tx.attachments(org).find(id)?.ok_or_else(Problem::not_found)?;
    let Some(ticket) = file.ticket_id else {
        let is_own = file.is_pending_for(ctx.caller.user_id, ctx.now) && !ctx.is_viewing_as();
        return if is_own { Ok(file) } else { Err(Problem::not_found()) };
    };
    let ticket = find_ticket(ctx, ticket)?;
    if let Some(message) = file.message_id {
        let with_notes = TicketScope::of(&ctx.caller)?.covers_as_staff(&ticket);
        let message =
            ctx.tx.thread(org, ticket.id).find(message, with_notes)?.ok_or_else(Problem::not_found)?;
        debug_assert!(with_notes || message.visibility == Visibility::Public);
    }
    Ok(file)
}

use application::clock::instant;
use serde::Serialize;
use tickets::{Attachment, Message};
use utoipa::ToSchema;
use uuid::Uuid;
use web::values::MessageVisibility;

use crate::tickets::attachments::body::AttachmentBody;

/// An entry of a ticket's thread.
#[derive(Serialize, ToSchema)]
#[schema(as = Message, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a21", "ticket_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a20", "author_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b",
    "visibility": "public", "body": "We are looking into it.", "attachments": [], "created_at": "2026-03-02T10:02:11.000000Z"
}))]
pub(crate) struct MessageBody {
    id: Uuid,
    ticket_id: Uuid,
    /// Who wrote it: a user id.
    author_id: Uuid,
    visibility: MessageVisibility,
    body: String,
    attachments: Vec<AttachmentBody>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
}

impl MessageBody {
    /// The message, with those of `files` that were sent with it.
    pub(super) fn of(message: &Message, files: &[Attachment]) -> Self {
        Self {
            id: message.id.0,
            ticket_id: message.ticket_id.0,
            author_id: message.author_id.0,
            visibility: message.visibility.into(),
            body: message.body.as_str().to_owned(),
            attachments: files
                .iter()
                .filter(|f| f.message_id == Some(message.id))
                .map(AttachmentBody::from)
                .collect(),
            created_at: instant(message.created_at),
        }
    }
}

use chrono::{DateTime, TimeDelta, Utc};
use thiserror::Error;
use users::UserId;
use uuid::Uuid;

use crate::{MAX_ATTACHMENTS, MessageId, TicketId};

/// Identifies an attachment within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttachmentId(pub Uuid);

/// Hours within which an uploaded file has to be attached.
pub const PENDING_HOURS: i64 = 24;

/// A file: pending after its upload, then permanently part of one ticket or message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Unique ID.
    pub id: AttachmentId,
    /// The uploader.
    pub uploader_id: UserId,
    /// The name after [`crate::clean_file_name`].
    pub filename: String,
    /// The media type, as detected from the bytes.
    pub content_type: String,
    /// The size in bytes.
    pub size_bytes: i64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The random name it is stored under.
    pub storage_key: String,
    /// The ticket it belongs to, once attached.
    pub ticket_id: Option<TicketId>,
    /// The message that it was sent with. With a ticket and no message it belongs to the opening request.
    pub message_id: Option<MessageId>,
    /// Time of the upload.
    pub created_at: DateTime<Utc>,
}

/// Why attachments are refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AttachmentsRefused {
    /// More than [`MAX_ATTACHMENTS`] (S004-8).
    #[error("a request or message has at most {MAX_ATTACHMENTS} files")]
    TooMany,
    /// Unknown, uploaded by another person, used before, or expired. The caller does not learn which.
    #[error("the attachment is not a pending upload of yours")]
    NotAvailable(AttachmentId),
}

impl Attachment {
    /// The upload can be attached before this time.
    pub fn pending_until(&self) -> DateTime<Utc> {
        self.created_at + TimeDelta::hours(PENDING_HOURS)
    }

    /// Whether `person` may still attach or delete it.
    pub fn is_pending_for(&self, person: UserId, now: DateTime<Utc>) -> bool {
        self.uploader_id == person && self.ticket_id.is_none() && now < self.pending_until()
    }
}

/// The attachments named in one submission, all or none. `found` are those that exist in the organization.
pub fn admit_attachments(
    person: UserId,
    named: &[AttachmentId],
    found: &[Attachment],
    now: DateTime<Utc>,
) -> Result<(), AttachmentsRefused> {
    if named.len() > MAX_ATTACHMENTS {
        return Err(AttachmentsRefused::TooMany);
    }
    let pending = |id: &AttachmentId| found.iter().any(|a| a.id == *id && a.is_pending_for(person, now));
    match named.iter().find(|id| !pending(id)) {
        Some(id) => Err(AttachmentsRefused::NotAvailable(*id)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(n: u128, by: u128) -> Attachment {
        Attachment {
            id: AttachmentId(Uuid::from_u128(n)),
            uploader_id: UserId(Uuid::from_u128(by)),
            filename: "a.txt".into(),
            content_type: "text/plain".into(),
            size_bytes: 1,
            sha256: String::new(),
            storage_key: String::new(),
            ticket_id: None,
            message_id: None,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn s004_8_up_to_five_own_pending_uploads_are_attached() {
        let (me, now) = (UserId(Uuid::from_u128(1)), DateTime::UNIX_EPOCH);
        let found: Vec<_> = (10..16).map(|n| upload(n, 1)).collect();
        let ids: Vec<_> = found.iter().map(|a| a.id).collect();
        assert_eq!(admit_attachments(me, &ids[..5], &found, now), Ok(()));
        assert_eq!(admit_attachments(me, &ids, &found, now), Err(AttachmentsRefused::TooMany));
        let refused = |a: Attachment, now| admit_attachments(me, &[a.id], &[a], now).is_err();
        assert!(refused(upload(20, 2), now), "another's");
        assert!(refused(Attachment { ticket_id: Some(TicketId(Uuid::nil())), ..upload(21, 1) }, now), "used");
        assert!(refused(upload(22, 1), now + TimeDelta::hours(24)), "too old");
        assert!(admit_attachments(me, &[AttachmentId(Uuid::nil())], &[], now).is_err(), "unknown");
    }
}

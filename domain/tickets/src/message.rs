use chrono::{DateTime, Utc};
use orgs::Visibility;
use users::UserId;
use uuid::Uuid;

use crate::{Body, TicketId};

/// Identifies a message within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub Uuid);

/// An entry of a ticket's thread: a reply for everybody, or a note among staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its identity.
    pub id: MessageId,
    /// The ticket it belongs to.
    pub ticket_id: TicketId,
    /// Who wrote it.
    pub author_id: UserId,
    /// `Staff` makes it an internal note (S004-10).
    pub visibility: Visibility,
    /// What it says.
    pub body: Body,
    /// When it was posted.
    pub created_at: DateTime<Utc>,
}

use chrono::{DateTime, Utc};
use orgs::Visibility;
use users::UserId;
use uuid::Uuid;

use crate::{Body, TicketId};

/// Identifies a message within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub Uuid);

/// An entry of a ticket's thread: a public reply, or an internal note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Unique ID.
    pub id: MessageId,
    /// The ticket it belongs to.
    pub ticket_id: TicketId,
    /// The author.
    pub author_id: UserId,
    /// `Staff` makes it an internal note (S004-10).
    pub visibility: Visibility,
    /// The text.
    pub body: Body,
    /// Time of the message.
    pub created_at: DateTime<Utc>,
}

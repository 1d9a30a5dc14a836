use chrono::{DateTime, Utc};
use orgs::{LocationId, OrgId};
use users::UserId;
use uuid::Uuid;

use crate::{Approval, CategoryId, Details, Priority, Reason, Status, Subject, Summary};

/// Identifies a ticket within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(pub Uuid);

/// Whose action an unresolved ticket is waiting for. Independent of the status; it pauses the ticket's clocks
/// (R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingOn {
    /// The requester has to answer.
    Requester,
    /// A third party has to act.
    ThirdParty,
}

impl WaitingOn {
    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::ThirdParty => "third_party",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Requester, Self::ThirdParty].into_iter().find(|w| w.as_str() == word)
    }
}

/// A support request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Unique ID.
    pub id: TicketId,
    /// The organization it belongs to.
    pub org_id: OrgId,
    /// Sequential per organization, starting at 1, for people to refer to (S004-17).
    pub number: i64,
    /// The subject.
    pub subject: Subject,
    /// The request itself.
    pub details: Details,
    /// How urgent it is to the requester.
    pub urgency: Priority,
    /// How urgent it is to staff.
    pub priority: Priority,
    /// The current status.
    pub status: Status,
    /// Whose action it is waiting for, if anybody's.
    pub waiting_on: Option<WaitingOn>,
    /// The approval that it needs, if its requester can't open requests directly (S002-22).
    pub approval: Option<Approval>,
    /// The location where help is needed.
    pub location_id: LocationId,
    /// The kind of request; `None` until staff set it.
    pub category_id: Option<CategoryId>,
    /// The requester.
    pub requester_id: UserId,
    /// The person who filed it: the requester, or staff on their behalf.
    pub created_by: UserId,
    /// The staff member who works on it.
    pub assignee_id: Option<UserId>,
    /// The outcome, once it is resolved.
    pub resolution_summary: Option<Summary>,
    /// The reason for which it was closed, if one was given.
    pub close_reason: Option<Reason>,
    /// The closed ticket that it continues.
    pub follow_up_of: Option<TicketId>,
    /// Time at which it was filed.
    pub created_at: DateTime<Utc>,
    /// Time of the last change that its requester can see.
    pub updated_at: DateTime<Utc>,
    /// Time at which it was last resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Time at which it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Incremented with each change that the requester can see.
    pub version: i64,
}

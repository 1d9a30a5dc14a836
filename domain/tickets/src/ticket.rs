use chrono::{DateTime, Utc};
use orgs::{LocationId, OrgId};
use users::UserId;
use uuid::Uuid;

use crate::{Approval, CategoryId, Details, Priority, Reason, Status, Subject, Summary};

/// Identifies a ticket within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(pub Uuid);

/// What an unresolved ticket waits for; told beside the status, and pauses clocks (R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingOn {
    /// The requester has to answer.
    Requester,
    /// Somebody outside has to act.
    ThirdParty,
}

impl WaitingOn {
    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::ThirdParty => "third_party",
        }
    }

    /// What a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Requester, Self::ThirdParty].into_iter().find(|w| w.as_str() == word)
    }
}

/// A support request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its identity.
    pub id: TicketId,
    /// The organization it belongs to.
    pub org_id: OrgId,
    /// Counted per organization from 1, for people (S004-17).
    pub number: i64,
    /// What it is about.
    pub subject: Subject,
    /// The request itself.
    pub details: Details,
    /// How pressing it is to the requester.
    pub urgency: Priority,
    /// How pressing it is to staff.
    pub priority: Priority,
    /// Where it stands.
    pub status: Status,
    /// What it waits for.
    pub waiting_on: Option<WaitingOn>,
    /// The leave it needs, if its requester can't open requests at once (S002-22).
    pub approval: Option<Approval>,
    /// Where the help is needed.
    pub location_id: LocationId,
    /// What kind of request it is, once staff have said so.
    pub category_id: Option<CategoryId>,
    /// Whose request it is.
    pub requester_id: UserId,
    /// Who filed it: the requester, or staff on his behalf.
    pub created_by: UserId,
    /// Who works on it.
    pub assignee_id: Option<UserId>,
    /// What came of it.
    pub resolution_summary: Option<Summary>,
    /// Why it was closed, if somebody said so.
    pub close_reason: Option<Reason>,
    /// The closed ticket that it continues.
    pub follow_up_of: Option<TicketId>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When something of it last changed that its requester can see.
    pub updated_at: DateTime<Utc>,
    /// When it was last resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Counts its visible changes.
    pub version: i64,
}

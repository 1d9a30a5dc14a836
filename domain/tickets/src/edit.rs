use chrono::{DateTime, Utc};
use orgs::Event;
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{Details, Status, Subject, Ticket, event};

/// What the requester rewrites; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    /// A new subject.
    pub subject: Option<Subject>,
    /// New details.
    pub details: Option<Details>,
}

/// Why an edit is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditRefused {
    /// Only the person whose request it is rewrites it.
    #[error("only the requester edits subject and details")]
    NotTheRequester,
    /// The actor may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A closed ticket stays as it is (S004-12).
    #[error("the ticket is closed; file a follow-up instead")]
    Closed,
}

impl Ticket {
    /// The ticket with a new subject or details; the old ones stay in the history (S004-12).
    pub fn edit(
        &self,
        by: &Actor,
        edit: Edit,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Event>), EditRefused> {
        if edit == Edit::default() {
            return Ok((self.clone(), Vec::new()));
        }
        by.require(Permission::CreateTickets)?;
        if self.requester_id != by.user_id {
            return Err(EditRefused::NotTheRequester);
        }
        if self.status == Status::Closed {
            return Err(EditRefused::Closed);
        }
        let subject = edit.subject.unwrap_or_else(|| self.subject.clone());
        let details = edit.details.unwrap_or_else(|| self.details.clone());
        let next = Self { subject, details, updated_at: now, ..self.clone() };
        let events = event::of_changes(self, &next);
        Ok((next, events))
    }
}

use chrono::{DateTime, Utc};
use orgs::Event;
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{Approval, Details, Status, Subject, Ticket, event};

/// An edit by the requester; `None` leaves a field unchanged.
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
    /// Only the requester edits a request.
    #[error("only the requester edits subject and details")]
    NotTheRequester,
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A closed ticket cannot be changed (S004-12).
    #[error("the ticket is closed; file a follow-up instead")]
    Closed,
    /// A representative approved the request in its current words (S002-22).
    #[error("a representative approved the request as it is; reply instead")]
    Approved,
}

impl Ticket {
    /// The ticket with a new subject or details; the history records the old ones (S004-12).
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
        if self.is_fixed() {
            return Err(EditRefused::Approved);
        }
        let subject = edit.subject.unwrap_or_else(|| self.subject.clone());
        let details = edit.details.unwrap_or_else(|| self.details.clone());
        let next = Self { subject, details, updated_at: now, ..self.clone() };
        let events = event::of_changes(self, &next);
        Ok((next, events))
    }

    /// Whether subject and details are approved, and so can't be edited.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.approval, Some(Approval::Approved(_)))
    }
}

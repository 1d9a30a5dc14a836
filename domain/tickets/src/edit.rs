use chrono::{DateTime, Utc};
use orgs::Event;
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{Approval, Details, Status, Subject, Ticket, event};

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
    /// What a representative let go on says what it said then (S002-22).
    #[error("a representative approved the request as it is; reply instead")]
    Approved,
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
        if self.is_fixed() {
            return Err(EditRefused::Approved);
        }
        let subject = edit.subject.unwrap_or_else(|| self.subject.clone());
        let details = edit.details.unwrap_or_else(|| self.details.clone());
        let next = Self { subject, details, updated_at: now, ..self.clone() };
        let events = event::of_changes(self, &next);
        Ok((next, events))
    }

    /// Whether its words stay as they are, since somebody gave leave for them.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.approval, Some(Approval::Approved(_)))
    }
}

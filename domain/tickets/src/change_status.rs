use chrono::{DateTime, Utc};
use orgs::{Event, Visibility};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{Body, Message, MessageId, Reason, Status, Summary, Ticket, event, scope::require_staff};

/// A ticket after its status changed, and what to tell of it.
#[derive(Debug, Clone)]
pub struct StatusChanged {
    /// The ticket after the change.
    pub ticket: Ticket,
    /// The message that told the requester, if one came with it.
    pub message: Option<Message>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

/// Why the status stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StatusRefused {
    /// The actor may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such step leads from here (R4).
    #[error("a ticket that is {} can't become {}", .from.as_str(), .to.as_str())]
    InvalidTransition {
        /// Where the ticket stands.
        from: Status,
        /// What was asked for.
        to: Status,
        /// What could follow instead.
        allowed: &'static [Status],
    },
}

impl Ticket {
    /// Takes an open ticket into work by hand.
    pub fn start(&self, by: &Actor, now: DateTime<Utc>) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        if self.status != Status::Open {
            return Err(self.no_way_to(Status::InProgress, by));
        }
        Ok(self.changed(Self { status: Status::InProgress, updated_at: now, ..self.clone() }, None))
    }

    /// Resolves the ticket: tells the requester the outcome and keeps a summary (S000-32). Without an assignee, the resolver becomes it.
    pub fn resolve(
        &self,
        by: &Actor,
        id: MessageId,
        message: Body,
        summary: Summary,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        if !self.status.is_unresolved() {
            return Err(self.no_way_to(Status::Resolved, by));
        }
        let next = Self {
            status: Status::Resolved,
            assignee_id: self.assignee_id.or(Some(by.user_id)),
            resolution_summary: Some(summary),
            resolved_at: Some(now),
            waiting_on: None,
            updated_at: now,
            ..self.clone()
        };
        Ok(self.changed(next, Some(self.message(by, id, Visibility::Public, message, now))))
    }

    /// Takes a resolved ticket back into work (R4).
    pub fn reopen(
        &self,
        by: &Actor,
        assignee_available: bool,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        if self.status != Status::Resolved {
            return Err(self.no_way_to(Status::InProgress, by));
        }
        let mut next = Self { updated_at: now, ..self.clone() };
        next.bring_back(assignee_available);
        Ok(self.changed(next, None))
    }

    /// Closes the ticket for good. Unless it is resolved, that takes `force` and the permission for it (R4).
    pub fn close(
        &self,
        by: &Actor,
        reason: Option<Reason>,
        force: bool,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, StatusRefused> {
        require_staff(self, by)?;
        if force && self.status.is_unresolved() {
            by.require(Permission::ForceCloseTickets)?;
        }
        if !self.status.next(force).contains(&Status::Closed) {
            return Err(self.no_way_to(Status::Closed, by));
        }
        let next = Self {
            status: Status::Closed,
            close_reason: reason,
            closed_at: Some(now),
            waiting_on: None,
            updated_at: now,
            ..self.clone()
        };
        Ok(self.changed(next, None))
    }

    fn changed(&self, next: Self, message: Option<Message>) -> StatusChanged {
        let told = message.iter().map(|m| event::message(self.id, "message_posted", m.id).public());
        let events = told.chain(event::of_changes(self, &next)).collect();
        StatusChanged { ticket: next, message, events }
    }

    fn no_way_to(&self, to: Status, by: &Actor) -> StatusRefused {
        let allowed = self.status.next(by.holds(Permission::ForceCloseTickets));
        StatusRefused::InvalidTransition { from: self.status, to, allowed }
    }
}

use chrono::{DateTime, Utc};
use orgs::{Event, EventKind, Visibility};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{
    ApprovalPending, Body, Message, MessageId, Status, Ticket, TicketScope, WaitingOn, event,
    scope::require_staff,
};

/// A message, the ticket after it, and the events.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The ticket after the message; `None` if it did not change.
    pub ticket: Option<Ticket>,
    /// The message.
    pub message: Message,
    /// The events, in order.
    pub events: Vec<Event>,
}

/// Why a message is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplyRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ticket is pending approval by a representative (S002-22).
    #[error(transparent)]
    ApprovalPending(#[from] ApprovalPending),
    /// A closed ticket takes no messages (R4).
    #[error("the ticket is closed; file a follow-up instead")]
    Closed,
}

impl Ticket {
    /// Adds a public reply.
    ///
    /// The first reply of staff changes `open` to `in_progress` (S004-11). A reply of the requester ends
    /// `waiting_on: requester`, and returns a resolved ticket to work (R5). `assignee_available` is whether
    /// the assignee can continue it.
    pub fn reply(
        &self,
        by: &Actor,
        id: MessageId,
        body: Body,
        assignee_available: bool,
        now: DateTime<Utc>,
    ) -> Result<Posted, ReplyRefused> {
        let scope = TicketScope::of(by)?;
        let as_staff = scope.covers_as_staff(self);
        let is_requester = scope.covers_as_requester(self);
        if !as_staff && !is_requester {
            return Err(Forbidden { missing: Permission::ManageTickets }.into());
        }
        if !is_requester {
            self.require_approved()?;
        }
        let mut next = Self { updated_at: now, ..self.clone() };
        match self.status {
            Status::Open if as_staff && self.require_approved().is_ok() => next.status = Status::InProgress,
            Status::Resolved if is_requester => next.bring_back(assignee_available),
            Status::Closed => return Err(ReplyRefused::Closed),
            Status::Open | Status::InProgress | Status::Resolved => {}
        }
        if is_requester && next.waiting_on == Some(WaitingOn::Requester) {
            next.waiting_on = None;
        }
        let mut events = vec![event::message(self.id, EventKind::MessagePosted, id)];
        events.extend(event::of_changes(self, &next));
        Ok(Posted {
            ticket: Some(next),
            message: self.message(by, id, Visibility::Public, body, now),
            events,
        })
    }

    /// Adds an internal note. It changes nothing that the requester can see (S004-10).
    pub fn add_note(
        &self,
        by: &Actor,
        id: MessageId,
        body: Body,
        now: DateTime<Utc>,
    ) -> Result<Posted, ReplyRefused> {
        require_staff(self, by)?;
        if self.status == Status::Closed {
            return Err(ReplyRefused::Closed);
        }
        let events = vec![event::message(self.id, EventKind::NoteAdded, id)];
        Ok(Posted { ticket: None, message: self.message(by, id, Visibility::Staff, body, now), events })
    }

    pub(crate) fn message(
        &self,
        by: &Actor,
        id: MessageId,
        visibility: Visibility,
        body: Body,
        now: DateTime<Utc>,
    ) -> Message {
        Message { id, ticket_id: self.id, author_id: by.user_id, visibility, body, created_at: now }
    }

    /// Returns a resolved ticket to work; without an available assignee it becomes unassigned (R5).
    pub(crate) fn bring_back(&mut self, assignee_available: bool) {
        self.status = Status::InProgress;
        self.resolved_at = None;
        if !assignee_available {
            self.assignee_id = None;
        }
    }
}

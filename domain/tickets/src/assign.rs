use chrono::{DateTime, Utc};
use orgs::Event;
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{ApprovalPending, Status, Ticket, TicketScope, event, scope::require_staff};

/// Why the assignee is not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AssignRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ticket is pending approval by a representative (S002-22).
    #[error(transparent)]
    ApprovalPending(#[from] ApprovalPending),
    /// A closed ticket cannot be changed.
    #[error("the ticket is closed; file a follow-up instead")]
    Closed,
    /// The assignee lacks the permission, or the ticket is not in their scope (S004-18).
    #[error("the assignee can't work on this ticket")]
    CannotWorkOnIt,
}

impl Ticket {
    /// Assigns the ticket to `to`, an active member of the organization, or unassigns it.
    pub fn assign(
        &self,
        by: &Actor,
        to: Option<&Actor>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Event>), AssignRefused> {
        require_staff(self, by)?;
        self.require_approved()?;
        if self.status == Status::Closed {
            return Err(AssignRefused::Closed);
        }
        if to.is_some_and(|person| !self.can_be_worked_on_by(person)) {
            return Err(AssignRefused::CannotWorkOnIt);
        }
        let next = Self { assignee_id: to.map(|person| person.user_id), updated_at: now, ..self.clone() };
        let events = event::of_changes(self, &next);
        Ok((next, events))
    }

    /// Whether `person` holds `manage_tickets` and reaches this ticket.
    pub fn can_be_worked_on_by(&self, person: &Actor) -> bool {
        person.holds(Permission::ManageTickets)
            && TicketScope::of(person).is_ok_and(|scope| scope.covers_as_staff(self))
    }
}

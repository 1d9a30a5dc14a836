use orgs::Location;
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{Details, NewTicket, Priority, Status, Subject, Ticket, TicketScope};

/// The continuation of a closed ticket; what is `None` is copied from that ticket.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// The subject.
    pub subject: Option<Subject>,
    /// The request itself.
    pub details: Details,
    /// The requester's urgency.
    pub urgency: Option<Priority>,
    /// The location; default: that of the closed ticket.
    pub location: Option<Location>,
}

/// Why a follow-up is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FollowUpRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ticket is not closed, and still takes messages.
    #[error("only a closed ticket can be followed up; reply to this one instead")]
    NotClosed,
}

impl Ticket {
    /// The new ticket that continues this closed one (R4). If staff continue another person's ticket, they do
    /// so on behalf of its requester.
    pub fn follow_up(
        &self,
        by: &Actor,
        follow_up: FollowUp,
        requester_can_follow: bool,
    ) -> Result<NewTicket, FollowUpRefused> {
        by.require(Permission::CreateTickets)?;
        let scope = TicketScope::of(by)?;
        if !scope.covers_as_staff(self) && !scope.covers_as_requester(self) {
            return Err(Forbidden { missing: Permission::ManageTickets }.into());
        }
        if self.status != Status::Closed {
            return Err(FollowUpRefused::NotClosed);
        }
        self.may_be_continued_by(by)?;
        Ok(NewTicket {
            subject: follow_up.subject.unwrap_or_else(|| self.subject.clone()),
            details: follow_up.details,
            urgency: follow_up.urgency.unwrap_or(self.urgency),
            location: follow_up.location,
            on_behalf_of: (self.requester_id != by.user_id)
                .then_some((self.requester_id, requester_can_follow)),
            follow_up_of: Some(self.id),
        })
    }
}

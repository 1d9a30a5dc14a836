use orgs::Location;
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::{Details, NewTicket, Priority, Status, Subject, Ticket, TicketScope};

/// What continues a closed ticket; what is left out comes from that ticket.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// What it is about.
    pub subject: Option<Subject>,
    /// The request itself.
    pub details: Details,
    /// How pressing it is.
    pub urgency: Option<Priority>,
    /// The location named, or else that of the closed ticket.
    pub location: Option<Location>,
}

/// Why there is no follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FollowUpRefused {
    /// The actor may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ticket still takes messages itself.
    #[error("only a closed ticket is followed up; reply to this one instead")]
    NotClosed,
}

impl Ticket {
    /// What to open to continue this closed ticket (R4). Staff who continue another's ticket do so on his behalf.
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
        self.may_be_claimed_by(by)?;
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

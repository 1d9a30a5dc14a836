use chrono::{DateTime, Utc};
use orgs::{Event, Location};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;
use users::UserId;

use crate::{Approval, Details, Priority, Status, Subject, Ticket, TicketId, event};

/// A request as it is submitted.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// The subject.
    pub subject: Subject,
    /// The request itself.
    pub details: Details,
    /// The requester's urgency.
    pub urgency: Priority,
    /// The requested location; `None` if the organization has no such location.
    pub location: Option<Location>,
    /// The requester, if staff file the ticket on their behalf, and whether that person may follow tickets
    /// here.
    pub on_behalf_of: Option<(UserId, bool)>,
    /// The closed ticket that it continues.
    pub follow_up_of: Option<TicketId>,
}

/// Why a ticket is not opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The actor has no location to file for (S004-6).
    #[error("you have no location to file a request for; ask an organizer to give you one")]
    NoLocationAvailable,
    /// The location does not exist, or is not one of the actor's.
    #[error("you cannot file a request for this location")]
    LocationNotUsable,
    /// The requester, on whose behalf staff file the ticket, may not follow it.
    #[error("the person can't follow requests in this organization")]
    RequesterCannotFollow,
}

impl Ticket {
    /// A new ticket. `usable_locations` is the number of the actor's active locations. The status is `open`
    /// (S004-7), the priority is the urgency (R1), and an approval is pending if the requester needs one
    /// (S002-22).
    pub fn open(
        by: &Actor,
        id: TicketId,
        number: i64,
        new: NewTicket,
        usable_locations: usize,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), OpenRefused> {
        by.require(Permission::CreateTickets)?;
        let requester_id = requester(by, new.on_behalf_of)?;
        if usable_locations == 0 {
            return Err(OpenRefused::NoLocationAvailable);
        }
        let usable = |l: &Location| l.is_active && by.locations.contains(&l.id);
        let location = new.location.filter(usable).ok_or(OpenRefused::LocationNotUsable)?;
        let ticket = Self {
            id,
            org_id: by.org_id,
            number,
            subject: new.subject,
            details: new.details,
            urgency: new.urgency,
            priority: new.urgency,
            status: Status::Open,
            waiting_on: None,
            approval: (!by.opens_at_once).then_some(Approval::Waiting),
            location_id: location.id,
            category_id: None,
            requester_id,
            created_by: by.user_id,
            assignee_id: None,
            resolution_summary: None,
            close_reason: None,
            follow_up_of: new.follow_up_of,
            created_at: now,
            updated_at: now,
            resolved_at: None,
            closed_at: None,
            version: 1,
        };
        let event = event::created(&ticket);
        Ok((ticket, event))
    }
}

fn requester(by: &Actor, on_behalf_of: Option<(UserId, bool)>) -> Result<UserId, OpenRefused> {
    let Some((person, can_follow)) = on_behalf_of else { return Ok(by.user_id) };
    by.require(Permission::ManageTickets)?;
    if can_follow { Ok(person) } else { Err(OpenRefused::RequesterCannotFollow) }
}

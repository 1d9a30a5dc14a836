use std::collections::BTreeSet;

use orgs::LocationId;
use roles::{Actor, Forbidden, Permission, TicketReach};
use users::UserId;

use crate::Ticket;

/// The tickets that an actor can see: the same scope for lists, single reads, search, counts, files and
/// history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketScope {
    /// Those that they work on as staff.
    pub as_staff: StaffScope,
    /// Those that they decide on as a representative (S002-22): only tickets that need or needed an approval.
    pub as_representative: StaffScope,
    /// Those that they filed, as long as they may file any.
    pub as_requester: Option<UserId>,
}

/// The tickets that an actor works on, or decides on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffScope {
    /// None: the actor lacks the permission.
    None,
    /// Those of some locations (S004-19).
    Locations(BTreeSet<LocationId>),
    /// All tickets of the organization (S004-4).
    All,
}

impl TicketScope {
    /// The scope of `actor`. Requires permission to file tickets or to work on them (S004-1).
    pub fn of(actor: &Actor) -> Result<Self, Forbidden> {
        let as_staff = StaffScope::by(actor, Permission::ManageTickets);
        let as_representative = StaffScope::by(actor, Permission::ApproveTickets);
        if as_staff == StaffScope::None {
            actor.require(Permission::CreateTickets)?;
        }
        let as_requester = actor.holds(Permission::CreateTickets).then_some(actor.user_id);
        Ok(Self { as_staff, as_representative, as_requester })
    }

    /// Whether the actor works on the ticket, and reads its internal notes.
    pub fn covers_as_staff(&self, ticket: &Ticket) -> bool {
        self.as_staff.reaches(ticket)
    }

    /// Whether the actor may see the ticket.
    pub fn covers(&self, ticket: &Ticket) -> bool {
        self.covers_as_staff(ticket)
            || self.covers_as_requester(ticket)
            || self.represents(ticket) && ticket.approval.is_some()
    }

    /// Whether the actor is a representative for the ticket's location.
    pub(crate) fn represents(&self, ticket: &Ticket) -> bool {
        self.as_representative.reaches(ticket)
    }

    /// Whether the actor is the requester.
    pub fn covers_as_requester(&self, ticket: &Ticket) -> bool {
        self.as_requester == Some(ticket.requester_id)
    }
}

impl StaffScope {
    /// The requests of others that may be included in the counts and dates that `actor` sees, whatever their
    /// permissions (S004-19).
    pub fn within_reach_of(actor: &Actor) -> Self {
        match actor.reach {
            TicketReach::Organization => Self::All,
            TicketReach::Locations => Self::Locations(actor.locations.clone()),
        }
    }

    /// What `actor` reaches with the permission.
    fn by(actor: &Actor, permission: Permission) -> Self {
        if actor.holds(permission) { Self::within_reach_of(actor) } else { Self::None }
    }

    fn reaches(&self, ticket: &Ticket) -> bool {
        match self {
            Self::None => false,
            Self::Locations(locations) => locations.contains(&ticket.location_id),
            Self::All => true,
        }
    }
}

/// Requires that the actor works on this ticket.
pub(crate) fn require_staff(ticket: &Ticket, actor: &Actor) -> Result<(), Forbidden> {
    actor.require(Permission::ManageTickets)?;
    if TicketScope::of(actor)?.covers_as_staff(ticket) {
        Ok(())
    } else {
        Err(Forbidden { missing: Permission::ManageTickets })
    }
}

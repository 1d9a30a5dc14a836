use std::collections::BTreeSet;

use orgs::LocationId;
use roles::{Actor, Forbidden, Permission, TicketReach};
use users::UserId;

use crate::Ticket;

/// The tickets that somebody sees: the one answer for lists, single reads, search, counts, files and history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketScope {
    /// Those he works on as staff.
    pub as_staff: StaffScope,
    /// Those he filed, as long as he may file any.
    pub as_requester: Option<UserId>,
}

/// The tickets that somebody works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffScope {
    /// None: he is no staff.
    None,
    /// Those of some locations (S004-19).
    Locations(BTreeSet<LocationId>),
    /// All of the organization (S004-4).
    All,
}

impl TicketScope {
    /// What `actor` sees; whoever may neither file nor work on tickets sees no ticket at all (S004-1).
    pub fn of(actor: &Actor) -> Result<Self, Forbidden> {
        let as_staff = match (actor.holds(Permission::ManageTickets), actor.reach) {
            (false, _) => StaffScope::None,
            (true, TicketReach::Organization) => StaffScope::All,
            (true, TicketReach::Locations) => StaffScope::Locations(actor.locations.clone()),
        };
        if as_staff == StaffScope::None {
            actor.require(Permission::CreateTickets)?;
        }
        let as_requester = actor.holds(Permission::CreateTickets).then_some(actor.user_id);
        Ok(Self { as_staff, as_requester })
    }

    /// Whether the ticket is one that he works on, and whose notes he reads.
    pub fn covers_as_staff(&self, ticket: &Ticket) -> bool {
        match &self.as_staff {
            StaffScope::None => false,
            StaffScope::Locations(locations) => locations.contains(&ticket.location_id),
            StaffScope::All => true,
        }
    }

    /// Whether he may see the ticket at all.
    pub fn covers(&self, ticket: &Ticket) -> bool {
        self.covers_as_staff(ticket) || self.as_requester == Some(ticket.requester_id)
    }
}

/// Goes on only if the actor works on this very ticket.
pub(crate) fn require_staff(ticket: &Ticket, actor: &Actor) -> Result<(), Forbidden> {
    actor.require(Permission::ManageTickets)?;
    if TicketScope::of(actor)?.covers_as_staff(ticket) {
        Ok(())
    } else {
        Err(Forbidden { missing: Permission::ManageTickets })
    }
}

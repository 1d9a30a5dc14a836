use std::collections::BTreeSet;

use orgs::{LocationId, OrgId};
use thiserror::Error;
use users::UserId;

use crate::{Permission, TicketReach};

/// Somebody acting in one organization, with the rights he has at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user_id: UserId,
    /// Where.
    pub org_id: OrgId,
    /// What his roles allow, together.
    pub permissions: BTreeSet<Permission>,
    /// The locations he may file for.
    pub locations: BTreeSet<LocationId>,
    /// Which requests he works on, if he is staff.
    pub reach: TicketReach,
    /// Whether his requests go to staff at once, or wait for a representative (S002-22).
    pub opens_at_once: bool,
}

/// The actor lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this needs the permission `{}`", .missing.as_str())]
pub struct Forbidden {
    /// The permission he lacks.
    pub missing: Permission,
}

/// The actor works on the requests of some locations, and this is about others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("whoever works on the requests of some locations changes these only")]
pub struct BeyondReach;

impl Actor {
    /// Whether his roles allow it.
    pub fn holds(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Those of the locations that he may give to others: all, or his own if he works on these only (S004-19).
    pub fn locations_to_give(&self, all: BTreeSet<LocationId>) -> BTreeSet<LocationId> {
        match self.reach {
            TicketReach::Organization => all,
            TicketReach::Locations => all.intersection(&self.locations).copied().collect(),
        }
    }

    /// Whether somebody with these permissions, reach and locations works or decides on requests that he does not reach
    /// himself (S004-19).
    pub fn is_exceeded_by(
        &self,
        permissions: &BTreeSet<Permission>,
        reach: TicketReach,
        locations: &BTreeSet<LocationId>,
    ) -> bool {
        let are_about_requests = [Permission::ManageTickets, Permission::ApproveTickets];
        self.reach == TicketReach::Locations
            && are_about_requests.iter().any(|permission| permissions.contains(permission))
            && (reach == TicketReach::Organization || !locations.is_subset(&self.locations))
    }

    /// Requires all of these permissions.
    pub fn require_all(&self, permissions: &[Permission]) -> Result<(), Forbidden> {
        permissions.iter().try_for_each(|permission| self.require(*permission))
    }

    /// Goes on only if he may change a location: whoever works on the requests of some changes these (S004-19).
    pub fn require_location(&self, location: LocationId) -> Result<(), BeyondReach> {
        match self.reach {
            TicketReach::Locations if !self.locations.contains(&location) => Err(BeyondReach),
            _ => Ok(()),
        }
    }

    /// Goes on only if he works on the requests of all locations (S004-19).
    pub fn require_all_locations(&self) -> Result<(), BeyondReach> {
        if self.reach == TicketReach::Organization { Ok(()) } else { Err(BeyondReach) }
    }

    /// Goes on only if his roles allow it.
    pub fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.holds(permission) { Ok(()) } else { Err(Forbidden { missing: permission }) }
    }
}

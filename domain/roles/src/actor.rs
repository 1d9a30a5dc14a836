use std::collections::BTreeSet;

use orgs::{LocationId, OrgId};
use thiserror::Error;
use users::UserId;

use crate::{Permission, TicketReach};

/// A member acting in one organization, with the permissions that they hold at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account that acts.
    pub user_id: UserId,
    /// The organization that it acts in.
    pub org_id: OrgId,
    /// The permissions of all their roles together.
    pub permissions: BTreeSet<Permission>,
    /// The locations that they may file for.
    pub locations: BTreeSet<LocationId>,
    /// Which requests they work on, if they are staff.
    pub reach: TicketReach,
    /// Whether their requests go to staff at once. If not, a representative approves them first (S002-22).
    pub opens_at_once: bool,
}

/// The actor lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this needs the permission `{}`", .missing.as_str())]
pub struct Forbidden {
    /// The permission that the actor lacks.
    pub missing: Permission,
}

/// The actor's reach does not include the location that this is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("staff limited to some locations can change only these")]
pub struct BeyondReach;

impl Actor {
    /// Whether the actor holds the permission.
    pub fn holds(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Those of the locations that the actor may give to others: all, or their own if their reach is limited
    /// to these (S004-19).
    pub fn locations_to_give(&self, all: BTreeSet<LocationId>) -> BTreeSet<LocationId> {
        match self.reach {
            TicketReach::Organization => all,
            TicketReach::Locations => all.intersection(&self.locations).copied().collect(),
        }
    }

    /// Whether somebody with these permissions, reach and locations works or decides on requests beyond the
    /// actor's own reach (S004-19).
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

    /// Requires a location within the actor's reach (S004-19).
    pub fn require_location(&self, location: LocationId) -> Result<(), BeyondReach> {
        match self.reach {
            TicketReach::Locations if !self.locations.contains(&location) => Err(BeyondReach),
            _ => Ok(()),
        }
    }

    /// Requires a reach of all locations (S004-19).
    pub fn require_all_locations(&self) -> Result<(), BeyondReach> {
        if self.reach == TicketReach::Organization { Ok(()) } else { Err(BeyondReach) }
    }

    /// Requires the permission.
    pub fn require(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.holds(permission) { Ok(()) } else { Err(Forbidden { missing: permission }) }
    }
}

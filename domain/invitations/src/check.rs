use std::collections::BTreeSet;

use orgs::LocationId;
use roles::{Membership, RoleKey};

use crate::{Invitation, Offer};

/// Where a membership differs from the invitation that led to it (S001-48).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// There is no membership any more.
    NoMembership,
    /// A role that was offered and is not held.
    MissingRole(RoleKey),
    /// A role that is held and was not offered.
    ExtraRole(RoleKey),
    /// A location that was offered and is not there.
    MissingLocation(LocationId),
}

impl Invitation {
    /// Where the membership of whoever accepted differs from what was offered.
    pub fn differences(&self, membership: Option<&Membership>) -> Vec<Difference> {
        let Offer::Membership { roles, locations, .. } = &self.offer else { return Vec::new() };
        let Some(membership) = membership else { return vec![Difference::NoMembership] };
        let missing = roles.difference(&membership.roles).cloned().map(Difference::MissingRole);
        let extra = membership.roles.difference(roles).cloned().map(Difference::ExtraRole);
        let places: BTreeSet<_> = locations.difference(&membership.locations).copied().collect();
        missing.chain(extra).chain(places.into_iter().map(Difference::MissingLocation)).collect()
    }
}

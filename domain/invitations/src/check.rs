use std::collections::BTreeSet;

use orgs::LocationId;
use roles::{Membership, RoleKey};

use crate::{Invitation, Offer};

/// A difference between a membership and the invitation that led to it (S001-48).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The membership has ended.
    NoMembership,
    /// A role that was offered is not held.
    MissingRole(RoleKey),
    /// A role is held that was not offered.
    ExtraRole(RoleKey),
    /// A location that was offered is missing.
    MissingLocation(LocationId),
}

impl Invitation {
    /// The differences between the membership of the invited person and the offer.
    pub fn differences(&self, membership: Option<&Membership>) -> Vec<Difference> {
        let Offer::Membership { roles, locations, .. } = &self.offer else { return Vec::new() };
        let Some(membership) = membership else { return vec![Difference::NoMembership] };
        let missing = roles.difference(&membership.roles).cloned().map(Difference::MissingRole);
        let extra = membership.roles.difference(roles).cloned().map(Difference::ExtraRole);
        let places: BTreeSet<_> = locations.difference(&membership.locations).copied().collect();
        missing.chain(extra).chain(places.into_iter().map(Difference::MissingLocation)).collect()
    }
}

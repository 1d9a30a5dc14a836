use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Event, LocationId, TicketOpeners};
use users::UserId;

use crate::{BelongsAlready, JoinRefused, Membership, Permission, RoleKey, SeededRole, TicketReach};

/// Whether somebody with these roles only files requests, and does not belong (S002-22).
pub fn is_guest(roles: &BTreeSet<RoleKey>) -> bool {
    !roles.is_empty() && roles.iter().all(|key| key.as_str() == SeededRole::Guest.key())
}

/// Whether somebody's requests go to staff at once; else they wait for a representative (S002-22).
///
/// Whoever approves the requests of others, or works on them, needs nobody's leave for his own.
pub fn opens_at_once(openers: TicketOpeners, is_guest: bool, permissions: &BTreeSet<Permission>) -> bool {
    let trusted = [Permission::ApproveTickets, Permission::ManageTickets];
    match openers {
        _ if trusted.iter().any(|permission| permissions.contains(permission)) => true,
        TicketOpeners::Anyone => true,
        TicketOpeners::Members => !is_guest,
        TicketOpeners::Representatives => false,
    }
}

impl Membership {
    /// A guest, who files requests without belonging, and the event that tells it (S002-22). Whoever is something there already,
    /// stays that.
    pub fn of_guest(
        standing: Option<&Self>,
        user_id: UserId,
        openers: TicketOpeners,
        locations: BTreeSet<LocationId>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), JoinRefused> {
        if openers != TicketOpeners::Anyone {
            return Err(JoinRefused::NoGuests);
        }
        if standing.is_some() {
            return Err(BelongsAlready.into());
        }
        let guest = RoleKey::parse(SeededRole::Guest.key()).into_iter().collect();
        Ok(Self::create(user_id, guest, locations, TicketReach::Organization, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s002_22_who_opens_requests_at_once() {
        let filer = BTreeSet::from([Permission::CreateTickets]);
        let representative = BTreeSet::from([Permission::CreateTickets, Permission::ApproveTickets]);
        let staff = BTreeSet::from([Permission::ManageTickets]);
        for (openers, guest, member) in [
            (TicketOpeners::Anyone, true, true),
            (TicketOpeners::Members, false, true),
            (TicketOpeners::Representatives, false, false),
        ] {
            assert_eq!(opens_at_once(openers, true, &filer), guest, "a guest, {openers:?}");
            assert_eq!(opens_at_once(openers, false, &filer), member, "a member, {openers:?}");
            assert!(opens_at_once(openers, false, &representative), "a representative, {openers:?}");
            assert!(opens_at_once(openers, true, &staff), "staff, {openers:?}");
        }
    }
}

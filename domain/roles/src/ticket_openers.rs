use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Event, LocationId, TicketOpeners};
use users::UserId;

use crate::{AlreadyMember, JoinRefused, Membership, Permission, RoleKey, SeededRole, TicketReach};

/// Whether requests go to staff at once, or need the approval of a representative first (S002-22).
///
/// Representatives and staff need no approval for their own requests.
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
    /// The membership of a new guest, and the event that records it (S002-22). Fails if there is a membership
    /// already.
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
            return Err(AlreadyMember.into());
        }
        let guest = RoleKey::parse(SeededRole::Guest.key()).into_iter().collect();
        Ok(Self::create(user_id, guest, locations, TicketReach::Organization, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s002_22_the_setting_decides_whose_requests_open_at_once() {
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

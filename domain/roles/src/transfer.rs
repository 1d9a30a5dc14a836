//! Transferring a person from one organization to another, by platform administrators.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Event, OrgId};
use thiserror::Error;

use crate::membership_refused::MembershipRefused;
use crate::{Membership, Permission, Role, RoleKey, TicketReach, end_membership};

/// Why a transfer is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransferRefused {
    /// Both organizations are the same.
    #[error("the person is already a member there")]
    SameOrganization,
    /// Owners are removed by their organization first.
    #[error("remove the owner role first")]
    Owner,
    /// The new organization has no such role.
    #[error("the organization has no role `{}`", .0.as_str())]
    UnknownRole(RoleKey),
    /// Platform administrators must not give access to the requests of an organization.
    #[error("an organization appoints its own staff")]
    StaffRole,
    /// The membership cannot end.
    #[error(transparent)]
    Membership(#[from] MembershipRefused),
}

/// A transfer: the membership that begins, and what is recorded in either organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// In the new organization, with all its locations' requests that are the person's own.
    pub membership: Membership,
    /// The event of the previous organization.
    pub left: Event,
    /// The event of the new one.
    pub joined: Event,
}

/// Transfers a member to another organization, with these of its roles: such that grant no more than filing requests.
pub fn transfer(
    member: &Membership,
    from: OrgId,
    to: OrgId,
    keys: BTreeSet<RoleKey>,
    roles: &[Role],
    now: DateTime<Utc>,
) -> Result<Transfer, TransferRefused> {
    if from == to {
        return Err(TransferRefused::SameOrganization);
    }
    if member.is_owner() {
        return Err(TransferRefused::Owner);
    }
    for key in &keys {
        let role = roles.iter().find(|role| role.key == *key);
        let role = role.ok_or_else(|| TransferRefused::UnknownRole(key.clone()))?;
        if role.grants.iter().any(|permission| *permission != Permission::CreateTickets) {
            return Err(TransferRefused::StaffRole);
        }
    }
    // Nobody but an owner can be the last one.
    let left = end_membership(member, 0)?;
    let (membership, joined) =
        Membership::create(member.user_id, keys, BTreeSet::new(), TicketReach::Organization, now);
    Ok(Transfer { membership, left, joined })
}

#[cfg(test)]
mod tests {
    use orgs::EventKind;
    use users::UserId;
    use uuid::Uuid;

    use super::*;
    use crate::SeededRole;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    const FROM: OrgId = OrgId(Uuid::from_u128(1));
    const TO: OrgId = OrgId(Uuid::from_u128(2));

    fn roles() -> Vec<Role> {
        let role = |seed: SeededRole| Role {
            key: RoleKey::parse(seed.key()).unwrap(),
            name: seed.name().into(),
            grants: seed.default_grants().iter().copied().collect(),
            requires_two_factor: false,
            updated_at: NOW,
            version: 1,
        };
        SeededRole::ALL.into_iter().map(role).collect()
    }

    fn member(role: &str) -> Membership {
        let user = UserId(Uuid::from_u128(3));
        Membership::create(user, keys(role), BTreeSet::new(), TicketReach::Organization, NOW).0
    }

    fn keys(role: &str) -> BTreeSet<RoleKey> {
        BTreeSet::from([RoleKey::parse(role).unwrap()])
    }

    #[test]
    fn s003_12_a_member_is_transferred_with_roles_that_only_file_requests() {
        let moved = transfer(&member("rbt"), FROM, TO, keys("rbt"), &roles(), NOW).unwrap();
        assert_eq!(moved.membership.roles, keys("rbt"));
        assert_eq!((moved.left.kind, moved.joined.kind), (EventKind::MemberRemoved, EventKind::MemberAdded));
        let to_staff = transfer(&member("rbt"), FROM, TO, keys("manager"), &roles(), NOW);
        assert_eq!(to_staff, Err(TransferRefused::StaffRole));
        let unknown = transfer(&member("rbt"), FROM, TO, keys("king"), &roles(), NOW);
        assert!(matches!(unknown, Err(TransferRefused::UnknownRole(_))));
    }

    #[test]
    fn s003_12_an_owner_is_not_transferred_and_nobody_to_where_they_are() {
        assert_eq!(
            transfer(&member("owner"), FROM, TO, keys("rbt"), &roles(), NOW),
            Err(TransferRefused::Owner)
        );
        assert_eq!(
            transfer(&member("rbt"), FROM, FROM, keys("rbt"), &roles(), NOW),
            Err(TransferRefused::SameOrganization)
        );
    }
}

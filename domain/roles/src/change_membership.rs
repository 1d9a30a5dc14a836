use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventKind, EventSubject, LocationId};
use users::UserId;

use crate::join_refused::{AlreadyMember, require_may_join};
use crate::membership_refused::MembershipRefused;
use crate::{Actor, Membership, Permission, Role, RoleKey, TicketReach};

/// A change of a membership; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct MembershipChange {
    /// Replaces all roles.
    pub roles: Option<BTreeSet<RoleKey>>,
    /// Replaces all locations.
    pub locations: Option<BTreeSet<LocationId>>,
    /// Replaces the reach.
    pub reach: Option<TicketReach>,
}

impl Membership {
    /// A new membership. `roles` are all roles of the organization.
    pub fn add(
        by: &Actor,
        user_id: UserId,
        change: MembershipChange,
        roles: &[Role],
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), MembershipRefused> {
        by.require(Permission::ManageMembers)?;
        let given = change.roles.unwrap_or_default();
        within_own_rights(by, &given, roles)?;
        let (locations, reach) = (change.locations.unwrap_or_default(), change.reach.unwrap_or(by.reach));
        within_reach(by, &locations)?;
        require_own_reach(by, reach)?;
        Ok(Self::create(user_id, given, locations, reach, now))
    }

    /// The first membership of a new organization, which nobody in it could have granted (S003-16).
    pub fn create(
        user_id: UserId,
        roles: BTreeSet<RoleKey>,
        locations: BTreeSet<LocationId>,
        reach: TicketReach,
        now: DateTime<Utc>,
    ) -> (Self, Event) {
        let event =
            Event::new(EventKind::MemberAdded, subject(user_id)).with(Change::set("roles", &words(&roles)));
        (
            Self {
                user_id,
                roles,
                locations,
                reach,
                suspension: None,
                unclaimed_identity: None,
                created_at: now,
                updated_at: now,
                version: 1,
            },
            event,
        )
    }

    /// The membership after `change`, and the event that records it; `None` if nothing changes.
    ///
    /// `other_owners` is the number of active owners beside this member.
    pub fn update(
        &self,
        by: &Actor,
        change: MembershipChange,
        roles: &[Role],
        other_owners: i64,
        now: DateTime<Utc>,
    ) -> Result<Option<(Self, Event)>, MembershipRefused> {
        by.require(Permission::ManageMembers)?;
        require_within_authority(by, self, roles)?;
        if let Some(given) = &change.roles {
            within_own_rights(by, given, roles)?;
        }
        let next = Self {
            roles: change.roles.unwrap_or_else(|| self.roles.clone()),
            locations: change.locations.unwrap_or_else(|| self.locations.clone()),
            reach: change.reach.unwrap_or(self.reach),
            updated_at: now,
            ..self.clone()
        };
        within_reach(by, &next.locations.difference(&self.locations).copied().collect())?;
        if next.reach != self.reach {
            require_own_reach(by, next.reach)?;
        }
        within_own_reach(by, &next, roles)?;
        // An actor with a narrow reach cannot widen it again, so the last owner's reach stays
        // organization-wide.
        let narrows = next.reach == TicketReach::Locations && next.reach != self.reach;
        require_other_owner(self.is_active_owner() && (narrows || !next.is_active_owner()), other_owners)?;
        let event = self.change_event(&next);
        Ok(event.has_changes().then_some((next, event)))
    }

    /// The fields of a membership that its history records.
    pub const RECORDED_FIELDS: [&'static str; 3] = ["roles", "location_ids", "ticket_scope"];

    /// The values of [`Self::RECORDED_FIELDS`].
    pub fn recorded_values(&self) -> [String; 3] {
        [words(&self.roles), ids(&self.locations), self.reach.as_str().to_owned()]
    }

    pub(crate) fn change_event(&self, next: &Self) -> Event {
        let event = Event::new(EventKind::MemberUpdated, subject(self.user_id));
        let values = self.recorded_values().into_iter().zip(next.recorded_values());
        Self::RECORDED_FIELDS
            .into_iter()
            .zip(values)
            .fold(event, |event, (field, (from, to))| event.with_if_changed(field, Some(&from), Some(&to)))
    }

    /// The membership of somebody who joins, and the event that records it: a new one, or that of a guest who
    /// becomes a member. Fails for members, suspended or not.
    pub fn join(
        standing: Option<&Self>,
        user_id: UserId,
        roles: BTreeSet<RoleKey>,
        locations: BTreeSet<LocationId>,
        reach: TicketReach,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), AlreadyMember> {
        require_may_join(standing)?;
        let Some(guest) = standing else {
            return Ok(Self::create(user_id, roles, locations, reach, now));
        };
        let next = Self { roles, locations, reach, updated_at: now, ..guest.clone() };
        let event = guest.change_event(&next);
        Ok((next, event))
    }
}

/// Requires that the inviter may offer these roles. Checked when they invite, and again when the invitation
/// is accepted (S001-8).
pub fn may_invite(
    by: &Actor,
    keys: &BTreeSet<RoleKey>,
    locations: &BTreeSet<LocationId>,
    roles: &[Role],
) -> Result<(), MembershipRefused> {
    by.require(Permission::InviteMembers)?;
    within_own_rights(by, keys, roles)?;
    within_reach(by, locations)
}

/// As [`may_invite`], for an invitation that was sent: a role that was deleted meanwhile gives no rights.
pub fn may_handle_invitation(
    by: &Actor,
    keys: &BTreeSet<RoleKey>,
    locations: &BTreeSet<LocationId>,
    roles: &[Role],
) -> Result<(), MembershipRefused> {
    let left = keys.iter().filter(|key| roles.iter().any(|role| role.key == **key)).cloned().collect();
    may_invite(by, &left, locations, roles)
}

/// Requires locations within the actor's reach.
pub(crate) fn within_reach(by: &Actor, locations: &BTreeSet<LocationId>) -> Result<(), MembershipRefused> {
    match by.reach {
        TicketReach::Locations if !locations.is_subset(&by.locations) => {
            Err(MembershipRefused::AboveOwnPermissions)
        }
        _ => Ok(()),
    }
}

/// Requires a reach no wider than the actor's own (S004-19).
fn require_own_reach(by: &Actor, reach: TicketReach) -> Result<(), MembershipRefused> {
    match (by.reach, reach) {
        (TicketReach::Locations, TicketReach::Organization) => Err(MembershipRefused::AboveOwnPermissions),
        _ => Ok(()),
    }
}

/// Ends a membership, and returns the event that records it.
pub fn remove_member(
    member: &Membership,
    by: &Actor,
    roles: &[Role],
    other_owners: i64,
) -> Result<Event, MembershipRefused> {
    by.require(Permission::ManageMembers)?;
    require_within_authority(by, member, roles)?;
    end_membership(member, other_owners)
}

/// Ends a membership on behalf of the platform, when its account is transferred or deleted.
pub fn end_membership(member: &Membership, other_owners: i64) -> Result<Event, MembershipRefused> {
    require_other_owner(member.is_active_owner(), other_owners)?;
    let gone = Change { field: "roles", from: Some(words(&member.roles)), to: None };
    Ok(Event::new(EventKind::MemberRemoved, subject(member.user_id)).with(gone))
}

pub(crate) fn require_other_owner(one_less: bool, others: i64) -> Result<(), MembershipRefused> {
    if one_less && others < 1 { Err(MembershipRefused::LastOwner) } else { Ok(()) }
}

/// Requires a member whose permissions and reach do not exceed the actor's own.
pub(crate) fn require_within_authority(
    by: &Actor,
    member: &Membership,
    roles: &[Role],
) -> Result<(), MembershipRefused> {
    within_own_rights(by, &member.roles, roles)?;
    within_own_reach(by, member, roles)
}

/// Requires a member whose reach does not exceed the actor's own.
pub(crate) fn within_own_reach(
    by: &Actor,
    member: &Membership,
    roles: &[Role],
) -> Result<(), MembershipRefused> {
    let held = roles.iter().filter(|role| member.roles.contains(&role.key));
    let permissions = held.flat_map(|role| role.grants.iter().copied()).collect();
    match by.is_exceeded_by(&permissions, member.reach, &member.locations) {
        true => Err(MembershipRefused::AboveOwnPermissions),
        false => Ok(()),
    }
}

pub(crate) fn within_own_rights(
    by: &Actor,
    keys: &BTreeSet<RoleKey>,
    roles: &[Role],
) -> Result<(), MembershipRefused> {
    for key in keys {
        let role = roles
            .iter()
            .find(|r| r.key == *key)
            .ok_or_else(|| MembershipRefused::UnknownRole(key.clone()))?;
        if role.grants.iter().any(|p| !by.holds(*p)) {
            return Err(MembershipRefused::AboveOwnPermissions);
        }
    }
    Ok(())
}

pub(crate) fn subject(user_id: UserId) -> EventSubject {
    EventSubject::Other("member", user_id.0)
}

pub(crate) fn words(keys: &BTreeSet<RoleKey>) -> String {
    keys.iter().map(RoleKey::as_str).collect::<Vec<_>>().join(",")
}

fn ids(locations: &BTreeSet<LocationId>) -> String {
    locations.iter().map(|l| l.0.to_string()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRole;
    use users::Suspension;
    use uuid::Uuid;

    fn roles() -> Vec<Role> {
        let role = |seed: SeededRole| Role {
            key: RoleKey::parse(seed.key()).unwrap(),
            name: seed.name().into(),
            grants: seed.default_grants().iter().copied().collect(),
            requires_two_factor: false,
            updated_at: DateTime::UNIX_EPOCH,
            version: 1,
        };
        SeededRole::ALL.into_iter().map(role).collect()
    }

    fn actor(seed: SeededRole) -> Actor {
        Actor {
            user_id: UserId(Uuid::nil()),
            org_id: orgs::OrgId(Uuid::nil()),
            permissions: seed.default_grants().iter().copied().collect(),
            locations: BTreeSet::new(),
            reach: TicketReach::Organization,
            opens_at_once: true,
        }
    }

    fn keys(seeds: &[SeededRole]) -> BTreeSet<RoleKey> {
        seeds.iter().map(|s| RoleKey::parse(s.key()).unwrap()).collect()
    }

    fn member(seed: SeededRole) -> Membership {
        Membership::create(
            UserId(Uuid::nil()),
            keys(&[seed]),
            BTreeSet::new(),
            TicketReach::Organization,
            DateTime::UNIX_EPOCH,
        )
        .0
    }

    fn change(roles: &[SeededRole]) -> MembershipChange {
        MembershipChange { roles: Some(keys(roles)), ..MembershipChange::default() }
    }

    #[test]
    fn s003_11_the_last_owner_cannot_be_removed() {
        let (owner, by, now) = (member(SeededRole::Owner), actor(SeededRole::Owner), DateTime::UNIX_EPOCH);
        let demoted = owner.update(&by, change(&[SeededRole::Rbt]), &roles(), 0, now);
        assert_eq!(demoted.unwrap_err(), MembershipRefused::LastOwner);
        let suspension = Suspension { reason: "Away".into(), until: None };
        let suspended = owner.suspend(&by, suspension, &roles(), 0, now);
        assert_eq!(suspended.unwrap_err(), MembershipRefused::LastOwner);
        assert_eq!(remove_member(&owner, &by, &roles(), 0).unwrap_err(), MembershipRefused::LastOwner);
        assert!(owner.update(&by, change(&[SeededRole::Rbt]), &roles(), 1, now).unwrap().is_some());
        assert!(remove_member(&owner, &by, &roles(), 1).is_ok());
    }

    #[test]
    fn a_role_with_more_permissions_than_the_actors_is_refused() {
        let (manager, now) = (actor(SeededRole::Manager), DateTime::UNIX_EPOCH);
        let up = member(SeededRole::Rbt).update(&manager, change(&[SeededRole::Owner]), &roles(), 1, now);
        assert_eq!(up.unwrap_err(), MembershipRefused::AboveOwnPermissions);
        let down = member(SeededRole::Owner).update(&manager, change(&[SeededRole::Rbt]), &roles(), 5, now);
        assert_eq!(down.unwrap_err(), MembershipRefused::AboveOwnPermissions);
        assert_eq!(
            remove_member(&member(SeededRole::Owner), &manager, &roles(), 5).unwrap_err(),
            MembershipRefused::AboveOwnPermissions
        );
        assert!(matches!(
            member(SeededRole::Rbt).update(
                &actor(SeededRole::Rbt),
                change(&[SeededRole::Rbt]),
                &roles(),
                5,
                now
            ),
            Err(MembershipRefused::Forbidden(_))
        ));
    }
}

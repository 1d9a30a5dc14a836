//! Generators for the properties.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::{LocationId, OrgId};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use users::UserId;
use uuid::Uuid;

use crate::{Actor, Membership, Permission, Requested, Review, Role, RoleKey, TicketReach};

/// Role keys that the generated organizations may have; the last one exists in none.
pub(super) const KEYS: [&str; 5] = ["front_desk", "night", "auditor", "owner", "king"];
/// The member whom others act on, and whose requests they decide on.
pub(super) const SOMEBODY: u128 = 2;

pub(super) fn everything() -> BTreeSet<Permission> {
    BTreeSet::from(Permission::ALL)
}

pub(super) fn at(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(day)
}

pub(super) fn user(id: u128) -> UserId {
    UserId(Uuid::from_u128(id))
}

pub(super) fn key(word: &str) -> RoleKey {
    RoleKey::parse(word).unwrap()
}

pub(super) fn role(word: &str, grants: BTreeSet<Permission>) -> Role {
    let (key, name) = (key(word), word.to_owned());
    Role { key, name, grants, requires_two_factor: false, updated_at: at(0), version: 1 }
}

pub(super) fn few() -> impl Strategy<Value = BTreeSet<Permission>> {
    subsequence(Permission::ALL.to_vec(), 0..=4).prop_map(|some| some.into_iter().collect::<BTreeSet<_>>())
}

/// Any set of permissions, often nearly all, so that few refusals have only one possible reason.
pub(super) fn held() -> impl Strategy<Value = BTreeSet<Permission>> {
    let any = subsequence(Permission::ALL.to_vec(), 0..=Permission::ALL.len());
    prop_oneof![
        any.prop_map(|some| some.into_iter().collect::<BTreeSet<_>>()),
        few().prop_map(|lacking| everything().difference(&lacking).copied().collect::<BTreeSet<_>>()),
        Just(everything()),
    ]
}

pub(super) fn roles() -> impl Strategy<Value = Vec<Role>> {
    (few(), few(), few()).prop_map(|(system_actor, night, auditor)| {
        let grants = [system_actor, night, auditor, everything()];
        KEYS.into_iter().zip(grants).map(|(word, grants)| role(word, grants)).collect::<Vec<_>>()
    })
}

pub(super) fn keys() -> impl Strategy<Value = BTreeSet<RoleKey>> {
    subsequence(KEYS.to_vec(), 0..=3).prop_map(|words| words.into_iter().map(key).collect::<BTreeSet<_>>())
}

pub(super) fn places() -> impl Strategy<Value = BTreeSet<LocationId>> {
    let ids = subsequence(vec![1_u128, 2, 3], 0..=3);
    ids.prop_map(|ids| ids.into_iter().map(|id| LocationId(Uuid::from_u128(id))).collect::<BTreeSet<_>>())
}

pub(super) fn reaches() -> impl Strategy<Value = TicketReach> {
    select(vec![TicketReach::Organization, TicketReach::Locations])
}

pub(super) fn actors() -> impl Strategy<Value = Actor> {
    (1..4_u128, held(), places(), reaches()).prop_map(|(id, permissions, locations, reach)| Actor {
        user_id: user(id),
        org_id: OrgId(Uuid::nil()),
        permissions,
        locations,
        reach,
        opens_at_once: true,
    })
}

pub(super) fn member(
    roles: &BTreeSet<RoleKey>,
    locations: &BTreeSet<LocationId>,
    reach: TicketReach,
) -> Membership {
    Membership::create(user(SOMEBODY), roles.clone(), locations.clone(), reach, at(0)).0
}

/// The permissions of these roles together; `None` if one of them does not exist.
pub(super) fn together(keys: &BTreeSet<RoleKey>, roles: &[Role]) -> Option<BTreeSet<Permission>> {
    let mut all = BTreeSet::<Permission>::new();
    for key in keys {
        all.extend(&roles.iter().find(|role| role.key == *key)?.grants);
    }
    Some(all)
}

pub(super) fn is_within(by: &Actor, keys: &BTreeSet<RoleKey>, roles: &[Role]) -> bool {
    together(keys, roles).is_some_and(|all| all.is_subset(&by.permissions))
}

/// Whether a member works or decides on requests of locations beyond `by`'s.
pub(super) fn works_beyond(by: &Actor, member: &Membership, roles: &[Role]) -> bool {
    let about_requests = [Permission::ManageTickets, Permission::ApproveTickets];
    let held = roles.iter().filter(|role| member.roles.contains(&role.key));
    let is_staff = held.flat_map(|role| &role.grants).any(|grant| about_requests.contains(grant));
    let works_elsewhere = member.reach == TicketReach::Organization || !works_at(by, &member.locations);
    by.reach == TicketReach::Locations && is_staff && works_elsewhere
}

pub(super) fn works_at(by: &Actor, places: &BTreeSet<LocationId>) -> bool {
    by.reach == TicketReach::Organization || places.is_subset(&by.locations)
}

pub(super) fn preferences() -> impl Strategy<Value = Requested> {
    prop_oneof![
        select(KEYS.to_vec()).prop_map(|word| Requested::Role(key(word))),
        select(Permission::ALL.to_vec()).prop_map(Requested::Permission),
    ]
}

pub(super) fn review() -> Review {
    Review {
        identity_check: "Called".to_owned(),
        consulted: "Nobody".to_owned(),
        explanation: "Nights".to_owned(),
    }
}

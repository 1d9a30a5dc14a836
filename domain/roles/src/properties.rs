//! Properties that hold for any actor and any request: R12, S000-18, S001-8, S001-29, S003-11, S004-19.

mod attack;
mod votes;
mod worlds;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use orgs::{JoiningMode, Name, OrgId};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use users::Suspension;
use uuid::Uuid;

use self::worlds::*;
use crate::log_in::may_log_in;
use crate::{
    Actor, Admission, Membership, MembershipChange, MembershipRequest, MembershipRequestId, MembershipState,
    Permission, PermissionRequest, PermissionRequestId, PlatformPermission, PlatformRole, Requested, Role,
    RoleKey, TicketReach, end_membership, may_invite, remove_member,
};

const MEMBERS: usize = 4;

proptest! {
    #[test]
    fn s003_11_no_member_gets_or_changes_more_than_the_actor_holds(
        by in actors(),
        roles in roles(),
        before in keys(),
        after in prop::option::of(keys()),
    ) {
        let may = by.holds(Permission::ManageMembers);
        let change = MembershipChange { roles: after.clone(), reach: Some(by.reach), ..MembershipChange::default() };
        let given = after.unwrap_or_default();
        let added = Membership::add(&by, user(SOMEBODY), change.clone(), &roles, at(1));
        prop_assert_eq!(added.is_ok(), may && is_within(&by, &given, &roles));
        let known = member(&before, &by.locations, by.reach);
        let touched: BTreeSet<RoleKey> = before.union(&given).cloned().collect();
        let updated = known.update(&by, change, &roles, 1, at(1));
        prop_assert_eq!(updated.is_ok(), may && is_within(&by, &touched, &roles));
        let removed = remove_member(&known, &by, &roles, 1);
        prop_assert_eq!(removed.is_ok(), may && is_within(&by, &before, &roles));
        let suspension = Suspension { reason: "Away".to_owned(), until: None };
        let suspended = known.suspend(&by, suspension, &roles, 1, at(1));
        let may = by.holds(Permission::SuspendMembers);
        prop_assert_eq!(suspended.is_ok(), may && is_within(&by, &before, &roles));
        if let Ok((suspended, _)) = suspended {
            prop_assert!(suspended.reactivate(&by, &roles, at(2)).is_ok());
        }
    }

    #[test]
    fn s004_19_a_limited_reach_gives_neither_other_locations_nor_a_wider_reach(
        by in actors(),
        roles in roles(),
        before in keys(),
        after in prop::option::of(keys()),
        locations in places(),
        reach in prop::option::of(reaches()),
    ) {
        let wide = member(&before, &BTreeSet::new(), TicketReach::Organization);
        let raise = MembershipChange { roles: after, ..MembershipChange::default() };
        if let Ok(Some((raised, _))) = wide.update(&by, raise, &roles, 1, at(1)) {
            prop_assert!(!works_beyond(&by, &raised, &roles), "a role for locations beyond the reach");
        }
        let suspension = Suspension { reason: "Away".to_owned(), until: None };
        let touched = wide.suspend(&by, suspension, &roles, 1, at(1)).is_ok()
            || remove_member(&wide, &by, &roles, 1).is_ok();
        prop_assert!(!touched || !works_beyond(&by, &wide, &roles), "staff of locations beyond the reach");
        let change = MembershipChange { roles: None, locations: Some(locations), reach };
        if let Ok((added, _)) = Membership::add(&by, user(SOMEBODY), change.clone(), &roles, at(1)) {
            prop_assert!(works_at(&by, &added.locations), "a location beyond the reach");
            prop_assert!(by.reach == TicketReach::Organization || added.reach == by.reach, "a wider reach");
        }
        let known = member(&BTreeSet::new(), &BTreeSet::new(), TicketReach::Locations);
        if let Ok(Some((after, _))) = known.update(&by, change, &roles, 1, at(1)) {
            prop_assert!(works_at(&by, &after.locations), "a location beyond the reach");
            prop_assert!(by.reach == TicketReach::Organization || after.reach == by.reach, "a wider reach");
        }
    }

    #[test]
    fn s001_8_nobody_invites_or_approves_above_their_permissions_or_beyond_their_reach(
        by in actors(),
        roles in roles(),
        keys in keys(),
        locations in places(),
    ) {
        let has_all = is_within(&by, &keys, &roles) && works_at(&by, &locations);
        let invited = may_invite(&by, &keys, &locations, &roles);
        prop_assert_eq!(invited.is_ok(), by.holds(Permission::InviteMembers) && has_all);
        let ids = (MembershipRequestId(Uuid::nil()), by.org_id, user(SOMEBODY));
        let (asked, _) = MembershipRequest::create(ids, None, JoiningMode::ByRequest, None, None, at(0)).unwrap();
        let admission = Admission { roles: Some(keys.clone()), locations };
        let approved = asked.approve(&by, None, admission, None, &roles, at(1));
        let may = by.holds(Permission::DecideMembershipRequests) && by.user_id != asked.user_id;
        prop_assert_eq!(approved.is_ok(), may && has_all);
        if let Ok((_, joined, _)) = approved {
            prop_assert_eq!((joined.roles, joined.reach), (keys, by.reach));
        }
    }

    #[test]
    fn s000_18_nobody_grants_their_own_request_or_what_they_lack(
        by in actors(),
        roles in roles(),
        before in keys(),
        wanted in preferences(),
        locations in places(),
        named in prop::option::of(select(KEYS.to_vec())),
    ) {
        let asker = Actor { user_id: user(SOMEBODY), permissions: BTreeSet::new(), ..by.clone() };
        let (id, wish) = (PermissionRequestId(Uuid::nil()), (wanted, locations.clone()));
        let asked = PermissionRequest::create(id, &asker, &BTreeSet::new(), wish, "Nights".to_owned(), at(0));
        let (wish, _) = asked.unwrap();
        let known = member(&before, &BTreeSet::new(), TicketReach::Organization);
        let granted = wish.grant(&by, review(), named.map(key), &known, &roles, at(1));
        let given = match (&wish.wanted, named.map(key)) {
            (Requested::Role(wanted), None) => Some(wanted.clone()),
            (Requested::Role(wanted), Some(named)) => Some(named).filter(|named| named == wanted),
            (Requested::Permission(wanted), named) => named.filter(|named| {
                together(&BTreeSet::from([named.clone()]), &roles).is_some_and(|all| all.contains(wanted))
            }),
        };
        let may = by.holds(Permission::DecidePermissionRequests) && by.user_id != wish.user_id;
        let has_all = |key: &RoleKey| is_within(&by, &BTreeSet::from([key.clone()]), &roles);
        let both: BTreeSet<RoleKey> = before.into_iter().chain(given.clone()).collect();
        let would_be = member(&both, &locations, TicketReach::Organization);
        let may_be_given = given.as_ref().is_some_and(has_all)
            && works_at(&by, &locations)
            && !works_beyond(&by, &would_be, &roles);
        prop_assert_eq!(granted.is_ok(), may && may_be_given);
        if let Ok((decided, after, _)) = granted {
            prop_assert_eq!((after.roles, after.locations), (both, locations));
            prop_assert!(decided.deny(&by, review(), at(2)).is_err(), "a decision never changes");
        }
    }

    #[test]
    fn r12_nobody_creates_changes_or_deletes_a_role_with_more_than_they_hold(
        by in actors(),
        roles in roles(),
        which in 0..KEYS.len() - 1,
        grants in prop_oneof![few(), held()],
    ) {
        let may = by.holds(Permission::ManageRoles);
        let name = Name::parse("Reception").unwrap();
        let made = Role::create(&by, key("reception"), name, grants.clone(), at(1));
        prop_assert_eq!(made.is_ok(), may && grants.is_subset(&by.permissions));
        let role = &roles[which];
        let has_all = role.grants.is_subset(&by.permissions);
        prop_assert_eq!(role.update(&by, None, Some(true), at(1)).is_ok(), may && has_all);
        prop_assert_eq!(role.delete(&by, false).is_ok(), may && has_all && !role.is_seeded());
        let moved: BTreeSet<Permission> = role.grants.symmetric_difference(&grants).copied().collect();
        let stays = !role.key.is_owner() || grants == everything();
        let replaced = role.replace_grants(&by, grants.clone(), at(1));
        prop_assert_eq!(replaced.is_ok(), may && stays && moved.is_subset(&by.permissions));
        if let Ok((after, _)) = replaced {
            prop_assert_eq!(after.grants, grants);
        }
    }

    #[test]
    fn s001_8_a_platform_role_is_offered_only_by_holders_of_all_its_permissions(
        lacking in subsequence(PlatformPermission::ALL.to_vec(), 0..=12),
        role in select(PlatformRole::ALL.to_vec()),
    ) {
        let held: Vec<_> = PlatformPermission::ALL.into_iter().filter(|p| !lacking.contains(p)).collect();
        let also = [PlatformPermission::GrantPlatformRoles, PlatformPermission::InviteUsers];
        let lacks_some = role.grants().iter().chain(&also).any(|needed| lacking.contains(needed));
        prop_assert_eq!(PlatformRole::may_be_offered(Some(role), &held), !lacks_some);
    }

    #[test]
    fn s003_11_an_organization_always_has_an_owner(
        roles in roles(),
        others in prop::collection::vec(select(KEYS[..4].to_vec()), MEMBERS - 1),
        steps in steps(),
    ) {
        let words = ["owner"].into_iter().chain(others);
        let found = |word| member(&BTreeSet::from([key(word)]), &BTreeSet::new(), TicketReach::Organization);
        let mut org: Vec<Option<Membership>> = words.map(|word| Some(found(word))).collect();
        for (step, day) in steps.into_iter().zip(1..) {
            if let Some(after) = taken(&org, step, &roles, at(day)) {
                org[step.to] = after;
            }
            let has_owner = org.iter().flatten().any(Membership::is_active_owner);
            prop_assert!(has_owner, "{:?} leaves nobody: {:?}", step, org);
        }
    }

    #[test]
    fn s001_29_a_suspension_is_effective_until_its_end(
        until in prop::option::of(1..9_i64),
        day in 0..10_i64,
    ) {
        let owner = member(&BTreeSet::from([key("owner")]), &BTreeSet::new(), TicketReach::Organization);
        let suspension = Suspension { reason: "Away".to_owned(), until: until.map(at) };
        let suspended = Membership { suspension: Some(suspension), ..owner };
        let is_over = until.is_some_and(|until| until <= day);
        let current = suspended.as_of(at(day));
        prop_assert_eq!(current.is_active_owner(), is_over);
        prop_assert_eq!(suspended.lift(at(day)).is_some(), is_over);
        let standing = MembershipState { membership_is_active: current.is_active(), org_is_active: true, is_claimed: true };
        prop_assert_eq!(may_log_in(&[standing], false), is_over);
    }

    #[test]
    fn r12_a_role_key_round_trips(
        fitting in "[a-z][a-z0-9]{0,10}(_[a-z0-9]{1,10}){0,4}",
        any in prop_oneof!["\\PC{0,70}", "[a-zA-Z0-9_ -]{0,70}"],
    ) {
        let parsed = RoleKey::parse(&fitting).unwrap();
        prop_assert_eq!(parsed.as_str(), fitting.as_str());
        let is_shaped = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let fits = any.starts_with(|c: char| c.is_ascii_lowercase()) && any.len() <= 63 && any.split('_').all(is_shaped);
        prop_assert_eq!(RoleKey::parse(&any).map(|key| key.as_str().to_owned()), Some(any).filter(|_| fits));
    }

    #[test]
    fn every_identifier_parses_to_one_value(any in "[a-z_]{0,30}") {
        let own: BTreeSet<&str> = Permission::ALL.map(Permission::as_str).into();
        let platform: BTreeSet<&str> = PlatformPermission::ALL.map(PlatformPermission::as_str).into();
        prop_assert_eq!((own.len(), platform.len()), (Permission::ALL.len(), PlatformPermission::ALL.len()));
        prop_assert!(own.is_disjoint(&platform), "a word means the same everywhere");
        for permission in Permission::ALL {
            prop_assert_eq!(Permission::parse(permission.as_str()), Some(permission));
        }
        for permission in PlatformPermission::ALL {
            prop_assert_eq!(PlatformPermission::parse(permission.as_str()), Some(permission));
        }
        for role in PlatformRole::ALL {
            prop_assert_eq!(PlatformRole::parse(role.as_str()), Some(role));
        }
        prop_assert_eq!(Permission::parse(&any).is_some(), own.contains(any.as_str()));
        prop_assert_eq!(PlatformPermission::parse(&any).is_some(), platform.contains(any.as_str()));
    }
}

/// What one member does to another, or to their own membership.
#[derive(Debug, Clone, Copy)]
enum Act {
    Become(&'static str),
    Suspend(Option<i64>),
    Reactivate,
    Remove,
    /// The platform ends the membership, as with a deleted account.
    End,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    act: Act,
    by: usize,
    to: usize,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let acts = prop_oneof![
        3 => select(vec!["owner", "front_desk"]).prop_map(Act::Become),
        2 => prop::option::of(1..60_i64).prop_map(Act::Suspend),
        1 => Just(Act::Reactivate),
        1 => Just(Act::Remove),
        1 => Just(Act::End),
    ];
    let step = (acts, 0..MEMBERS, 0..MEMBERS).prop_map(|(act, by, to)| Step { act, by, to });
    prop::collection::vec(step, 1..50)
}

/// The membership after a step; `None` if the step is refused or impossible.
fn taken(
    org: &[Option<Membership>],
    step: Step,
    roles: &[Role],
    now: DateTime<Utc>,
) -> Option<Option<Membership>> {
    let by = acting(org[step.by].as_ref()?, roles, now)?;
    let others = org.iter().enumerate().filter(|(place, _)| *place != step.to);
    let others = others.filter(|(_, one)| one.as_ref().is_some_and(Membership::is_active_owner)).count();
    let others = i64::try_from(others).unwrap();
    match (step.act, &org[step.to]) {
        (Act::Become(word), known) => {
            let change =
                MembershipChange { roles: Some(BTreeSet::from([key(word)])), ..MembershipChange::default() };
            let after = match known {
                Some(known) => known.update(&by, change, roles, others, now).ok()??.0,
                None => Membership::add(&by, user(SOMEBODY), change, roles, now).ok()?.0,
            };
            Some(Some(after))
        }
        (Act::Suspend(days), Some(known)) => {
            let until = days.map(|days| now + TimeDelta::days(days));
            let suspension = Suspension { reason: "Away".to_owned(), until };
            Some(Some(known.suspend(&by, suspension, roles, others, now).ok()?.0))
        }
        (Act::Reactivate, Some(known)) => Some(Some(known.reactivate(&by, roles, now).ok()?.0)),
        (Act::Remove, Some(known)) => remove_member(known, &by, roles, others).ok().map(|_| None),
        (Act::End, Some(known)) => end_membership(known, others).ok().map(|_| None),
        (_, None) => None,
    }
}

/// A member with their current permissions: none while suspended.
fn acting(member: &Membership, roles: &[Role], now: DateTime<Utc>) -> Option<Actor> {
    let permissions = together(&member.roles, roles).filter(|_| member.as_of(now).is_active())?;
    let (user_id, locations, reach) = (member.user_id, member.locations.clone(), member.reach);
    let org_id = OrgId(Uuid::nil());
    Some(Actor { user_id, org_id, permissions, locations, reach, opens_at_once: true })
}

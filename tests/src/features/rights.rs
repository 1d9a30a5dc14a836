//! The combined permissions of several roles, and when none is effective: R12, S003-7, S003-11.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::helpers::*;
use crate::harness::{Org, platform_owner};

#[test]
fn r12_s003_7_permissions_are_those_of_all_roles_and_none_while_suspended() {
    let org = Org::new();
    let own =
        json!({"key": "front_desk", "name": "Front desk", "permissions": ["manage_mail", "view_members"]});
    org.owner.client.post(&org.path("/roles"), own).expect(201);
    let roles = walk(&org.owner.client, &org.path("/roles"));
    let grants: BTreeMap<String, BTreeSet<String>> =
        roles.iter().map(|role| (text(role, "key"), set(&role["permissions"]))).collect();
    let known: Vec<String> = grants.keys().filter(|key| *key != "owner").cloned().collect();
    let person = &org.rbt;
    let memberships = || person.client.get("/me").expect(200)["memberships"].clone();
    let sources = || person.client.get("/me/permissions").expect(200)["organizations"].clone();
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&subsequence(known, 1..=4), |held| {
            change_member(&org, person, json!({"roles": held}));
            let together: BTreeSet<String> = held.iter().flat_map(|role| grants[role].clone()).collect();
            prop_assert_eq!(set(&memberships()[0]["permissions"]), together.clone(), "as {:?}", held);
            let told = sources()[0]["permissions"].as_array().unwrap().clone();
            let words: BTreeSet<String> = told.iter().map(|one| text(one, "permission")).collect();
            prop_assert_eq!(words, together, "as {:?}", held);
            for one in told {
                let by: BTreeSet<String> = held
                    .iter()
                    .filter(|role| grants[*role].contains(&text(&one, "permission")))
                    .cloned()
                    .collect();
                prop_assert_eq!(set(&one["roles"]), by, "{}", one);
            }
            org.suspend(person);
            prop_assert_eq!((memberships(), sources()), (json!([]), json!([])));
            person.client.get(&org.path("/ticket-form")).refused(403, "account_disabled");
            org.reactivate(person);
            Ok(())
        })
        .unwrap();
}

#[test]
fn s003_6_s003_7_only_organizations_with_an_effective_membership_are_listed() {
    let org = Org::new();
    let person = org.add_member(&["rbt"], &[], None);
    let listed = || walk_ids(&person.client, "/orgs");
    assert_eq!(listed(), [org.id.as_str()]);
    org.suspend(&person);
    assert_eq!(listed(), Vec::<String>::new());
    org.reactivate(&person);
    assert_eq!(listed(), [org.id.as_str()]);
    platform_owner().client.patch(&org.path(""), json!({"is_active": false})).expect(200);
    assert_eq!(listed(), Vec::<String>::new());
}

#[test]
fn a_caller_who_may_not_act_on_an_account_learns_that_before_what_is_wrong_with_the_input() {
    let org = Org::new();
    let own = org.path(&format!("/members/{}/account", org.owner.id));
    let correction = json!({"time_zone": "Nowhere/Land", "reason": "Moved."});
    org.owner.client.patch(&own, correction).refused(403, "forbidden");

    let admin = platform_owner();
    let own = format!("/users/{}/suspend", admin.id);
    let suspension = json!({"reason": "Away.", "until": "2001-01-01T00:00:00Z"});
    admin.client.post(&own, suspension).refused(403, "forbidden");
}

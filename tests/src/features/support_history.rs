//! Every act of support is in the history of its account, with actor and reason: S001-54, S003-28.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::acts::{Act, Standing, both, deletion, why};
use super::fixtures::stage;
use super::helpers::*;
use crate::harness::document::document;
use crate::harness::{Client, Org, Person, platform_owner, second_platform_owner};

const HISTORY: &str = "/support-history?purpose=Check&limit=100";

fn everywhere(id: &str) -> String {
    format!("/users/{id}{HISTORY}")
}

/// The new entries of a history.
fn added(before: &[Value], by: &Client, path: &str) -> Vec<Value> {
    let known: BTreeSet<String> = before.iter().map(|event| text(event, "id")).collect();
    walk(by, path).into_iter().filter(|event| !known.contains(&text(event, "id"))).collect()
}

fn kinds(events: &[Value]) -> BTreeSet<String> {
    events.iter().map(|event| text(event, "kind")).collect()
}

fn named(words: &str) -> BTreeSet<String> {
    words.split(' ').map(str::to_owned).collect()
}

/// Whether the organization can still read the account's history: it has the member, and no other
/// organization does.
fn is_visible_to_organization(act: &Act) -> bool {
    let is_elsewhere = matches!(act.from, Standing::FirstOwner);
    !is_elsewhere
        && act.method != "DELETE"
        && act.rest != "/transfer"
        && !act.rest.starts_with("/platform-roles")
}

/// The operations on a person.
fn operations_below(prefix: &str) -> BTreeSet<String> {
    let all = document().operations.values();
    all.filter(|one| one.method != "GET" && one.path.starts_with(prefix)).map(|one| one.id.clone()).collect()
}

#[test]
fn s003_28_each_act_of_either_side_is_in_the_history_with_actor_and_reason() {
    let org = Org::on(stage().own.platform_owner());
    let platform = &stage().own.platform_owner().client;
    for side in both(&org) {
        let mut done = BTreeSet::new();
        for act in side.acts() {
            let person = side.somebody(act.from);
            let path = side.path(&person.id, act.rest);
            let before = walk(platform, &everywhere(&person.id));
            side.does(&act, &person.id);
            let mut lists = vec![(platform, everywhere(&person.id))];
            if is_visible_to_organization(&act) {
                lists.push((&org.owner.client, org.path(&format!("/members/{}{HISTORY}", person.id))));
            }
            let name = if side.is_platform { Value::Null } else { json!(org.id) };
            let by = json!(side.by().id);
            for (client, list) in lists {
                let events = added(&before, client, &list);
                assert_eq!(kinds(&events), named(act.kinds), "{} {path}, in {list}", act.method);
                for event in &events {
                    let told = (&event["actor_id"], &event["reason"], &event["org_id"]);
                    let expected = (&by, &act.body["reason"], &name);
                    assert_eq!(told, expected, "{} {path}, in {list}: {event}", act.method);
                }
            }
            let operation = document().operation_at(act.method, &format!("/api/v1{path}"));
            done.insert(operation.expect("an operation of the API").id.clone());
        }
        let prefix = if side.is_platform {
            // A purged account has no history left: the act is in the actor's own.
            done.insert("purge_user".to_owned());
            "/api/v1/users/{user_id}"
        } else {
            "/api/v1/orgs/{org_id}/members/{user_id}"
        };
        assert_eq!(done, operations_below(prefix), "each operation is done once at least");
    }
}

#[test]
fn s003_28_a_second_approvers_decision_is_in_the_history_with_the_approver() {
    let org = Org::new();
    let [second, third] = [(); 2].map(|()| org.add_member(&["owner"], &[], None));
    org.let_votes_start();
    let (first, other) = (platform_owner(), second_platform_owner());
    let ask = |by: &Person, method: &str, path: &str, body: Value| {
        call(&by.client, method, path, &body).expect(202)
    };
    let at_home = |person: &Person, method: &str, rest: &str, body: Value| {
        ask(&org.owner, method, &org.path(&format!("/members/{}{rest}", person.id)), body)
    };
    let at_platform = |person: &Person, method: &str, rest: &str, body: Value| {
        ask(first, method, &format!("/users/{}{rest}", person.id), body)
    };
    let demotion = json!({"roles": ["rbt"], "reason": "Wants less to do."});
    let (schedule, role) = ("/schedule-deletion", "/platform-roles/platform_developer");
    let asked = [
        (&org.rbt, at_home(&org.rbt, "POST", schedule, deletion()), "approve", "deletion_scheduled"),
        (&org.rbt2, at_home(&org.rbt2, "POST", schedule, deletion()), "deny", ""),
        (&third, at_home(&third, "PATCH", "", demotion), "approve", "member_updated"),
        (&org.bcba, at_platform(&org.bcba, "POST", schedule, deletion()), "approve", "deletion_scheduled"),
        (&org.nowhere, at_platform(&org.nowhere, "PUT", role, why()), "approve", "platform_role_granted"),
        (&org.manager, at_platform(&org.manager, "PUT", role, why()), "deny", ""),
    ];
    for (person, asked, verb, change) in asked {
        let decide = format!("/approvals/{}/{verb}", text(&asked, "id"));
        let (by, path) = match asked["org_id"].is_null() {
            true => (other, decide),
            false => (&second, org.path(&decide)),
        };
        let before = walk(&first.client, &everywhere(&person.id));
        by.client.post_empty(&path).expect(200);
        let events = added(&before, &first.client, &everywhere(&person.id));
        let expected = match verb {
            "approve" => named(&format!("approval_granted {change}")),
            _ => named("approval_denied"),
        };
        assert_eq!(kinds(&events), expected, "{asked}");
        for event in &events {
            let told = (&event["actor_id"], &event["org_id"]);
            assert_eq!(told, (&json!(by.id), &asked["org_id"]), "{event}");
            // The membership's new roles are beside the decision, which has the reason.
            if event["kind"] != "member_updated" {
                assert_eq!(event["reason"], asked["reason"], "{event}");
            }
        }
    }
}

#[test]
fn s003_28_joining_and_new_roles_are_in_the_history_with_the_actor() {
    let org = Org::new();
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    let platform = &platform_owner().client;
    let list = |id: &str| walk(platform, &everywhere(id));
    let person = shared().add_member(&["rbt"], &[], None);
    let email = format!("{}@else.example", rare_word("nia"));
    let body = json!({"email": email, "name": "Nia New", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    let wish = json!({"requested_role": "manager", "justification": "I take over nights."});
    let wish = org.rbt.client.post(&org.path("/permission-requests"), wish).expect(201);
    let grant = org.path(&format!("/permission-requests/{}/grant", text(&wish, "id")));
    let review = json!({"identity_check": "Called back.", "consulted": "Bea Bcba", "explanation": "Well."});
    let knock = json!({"org_slug": org.slug, "message": "I live around the corner."});
    let knock = person.client.post("/me/membership-requests", knock).expect(201);
    let approve = org.path(&format!("/membership-requests/{}/approve", text(&knock, "id")));

    let newcomer = text(&made, "user_id");
    let [of_newcomer, of_rbt, of_guest] = [Vec::new(), list(&org.rbt.id), list(&person.id)];
    org.owner.client.post(&grant, review).expect(200);
    org.manager.client.post(&approve, json!({"reason": "Come."})).expect(200);
    for (id, before, kind, by, roles) in [
        (&newcomer, of_newcomer, "member_added", &org.owner, "rbt"),
        (&org.rbt.id, of_rbt, "member_updated", &org.owner, "manager,rbt"),
        (&person.id, of_guest, "member_added", &org.manager, "community_member"),
    ] {
        let events = added(&before, platform, &everywhere(id));
        assert_eq!(kinds(&events), named(kind), "{events:?}");
        let told = (&events[0]["actor_id"], &events[0]["org_id"]);
        assert_eq!(told, (&json!(by.id), &json!(org.id)), "{events:?}");
        let change = &events[0]["changes"][0];
        assert_eq!((&change["field"], &change["to"]), (&json!("roles"), &json!(roles)), "{events:?}");
    }
}

#[test]
fn s003_28_diagnoses_and_changes_of_a_membership_are_in_the_history() {
    let org = Org::new();
    let (staff, member) = (&org.manager.client, org.path(&format!("/members/{}", org.rbt.id)));
    for what in ["login", "data"] {
        staff.get(&format!("{member}/{what}-diagnosis?purpose=Called")).expect(200);
    }
    let change = json!({"location_ids": [org.downtown], "reason": "Moved house."});
    staff.patch(&member, change).expect(200);
    let history = walk(staff, &format!("{member}{HISTORY}"));
    let told: Vec<_> =
        history[..3].iter().map(|event| (text(event, "kind"), text(event, "reason"))).collect();
    let (called, moved) = ("Called".to_owned(), "Moved house.".to_owned());
    let expected =
        [("member_updated", moved), ("data_diagnosed", called.clone()), ("log_in_diagnosed", called)];
    assert_eq!(told, expected.map(|(kind, reason)| (kind.to_owned(), reason)));
    let changed = &history[0]["changes"][0];
    assert_eq!((&changed["field"], &changed["to"]), (&json!("location_ids"), &json!(org.downtown)));
}

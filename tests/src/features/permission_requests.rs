//! Permission requests of members: S000-17 to S000-19.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, Reply, server};

fn ask(org: &Org, by: &Person, wanted: Value) -> Reply {
    let mut body = json!({"justification": "I take over nights."});
    body.as_object_mut().unwrap().extend(wanted.as_object().unwrap().clone());
    by.client.post(&org.path("/permission-requests"), body)
}

fn review() -> Value {
    json!({"identity_check": "Called back.", "consulted": "Mona Manager", "explanation": "Works nights from now on."})
}

fn at(org: &Org, request: &Value, rest: &str) -> String {
    org.path(&format!("/permission-requests/{}{rest}", text(request, "id")))
}

#[test]
fn s000_17_a_permission_is_requested_once_and_only_if_it_is_missing() {
    let org = Org::new();
    let made = ask(&org, &org.rbt, json!({"requested_role": "manager"})).expect(201);
    assert_eq!((&made["status"], &made["requested_role"]), (&json!("pending"), &json!("manager")));
    ask(&org, &org.rbt, json!({"requested_role": "manager"})).refused(409, "already_exists");
    ask(&org, &org.rbt, json!({"requested_permission": "view_members"})).expect(201);
    ask(&org, &org.rbt, json!({"requested_role": "rbt"})).refused(409, "conflict");
    ask(&org, &org.rbt, json!({"requested_permission": "create_tickets"})).refused(409, "conflict");
    ask(&org, &org.rbt, json!({"requested_role": "king"})).refused(422, "reference_not_found");
    ask(&org, &org.rbt, json!({"requested_permission": "manage_orgs"})).refused(422, "validation_failed");
    ask(&org, &org.rbt, json!({})).refused(422, "rule_violated");
    ask(&org, &org.rbt, json!({"requested_role": "manager", "requested_permission": "manage_org"}))
        .refused(422, "rule_violated");
    let mine = org.rbt.client.get(&org.path("/permission-requests")).expect(200);
    assert_eq!(mine["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(org.rbt2.client.get(&org.path("/permission-requests")).expect(200)["data"], json!([]));
    org.rbt2.client.get(&at(&org, &made, "")).refused(404, "not_found");
}

#[test]
fn s000_17_a_permission_request_may_name_locations() {
    let org = Org::new();
    let (home, other) = (org.downtown.clone(), org.riverside.clone());
    let locations = || {
        let member = org.owner.client.get(&org.path(&format!("/members/{}", org.bcba.id))).expect(200);
        set(&member["location_ids"])
    };
    change_member(&org, &org.bcba, json!({"location_ids": [home]}));
    let wish = json!({"requested_role": "bcba", "location_ids": [other]});
    let made = ask(&org, &org.bcba, wish).expect(201);
    assert_eq!(made["location_ids"], json!([other]), "the same role at another place is something new");
    org.owner.client.post(&at(&org, &made, "/grant"), review()).expect(200);
    assert_eq!(locations(), set_of(&[&home, &other]));
    ask(&org, &org.bcba, json!({"requested_role": "bcba", "location_ids": [home]})).refused(409, "conflict");
    let strange = json!({"requested_role": "manager", "location_ids": [nobody()]});
    ask(&org, &org.bcba, strange).refused(422, "reference_not_found");
}

#[test]
fn s000_18_staff_of_some_locations_grant_no_others() {
    let org = Org::new();
    grant(
        &org,
        "manager",
        &["create_tickets", "manage_tickets", "view_members", "decide_permission_requests"],
    );
    change_member(&org, &org.manager, json!({"ticket_scope": "locations", "location_ids": [org.downtown]}));
    let wish = |place: &str| json!({"requested_role": "rbt", "location_ids": [place]});
    change_member(&org, &org.rbt, json!({"location_ids": []}));
    let beyond = ask(&org, &org.rbt, wish(&org.riverside)).expect(201);
    org.manager.client.post(&at(&org, &beyond, "/grant"), review()).refused(403, "forbidden");
    org.manager.client.post(&at(&org, &beyond, "/deny"), review()).expect(200);
    let within = ask(&org, &org.rbt, wish(&org.downtown)).expect(201);
    org.manager.client.post(&at(&org, &within, "/grant"), review()).expect(200);
}

#[test]
fn s000_18_a_grant_assigns_the_role_in_the_same_transaction() {
    let org = Org::new();
    let made = ask(&org, &org.rbt, json!({"requested_role": "manager"})).expect(201);
    let grant = at(&org, &made, "/grant");
    org.manager.client.post(&grant, review()).refused(403, "forbidden");
    for field in ["identity_check", "consulted", "explanation"] {
        let mut body = review();
        body.as_object_mut().unwrap().remove(field);
        let problem = org.owner.client.post(&grant, body.clone()).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&[&format!("#/{field}")]));
        org.owner.client.post(&at(&org, &made, "/deny"), body).refused(422, "validation_failed");
    }
    org.rbt.client.get(&org.path("/members")).refused(403, "forbidden");
    let granted = org.owner.client.post(&grant, review()).expect(200);
    assert_eq!((&granted["status"], &granted["granted_role"]), (&json!("granted"), &json!("manager")));
    org.rbt.client.get(&org.path("/members")).expect(200);
    server().mailbox().wait_for(&org.rbt.email, "roles");
    let member = org.owner.client.get(&org.path(&format!("/members/{}", org.rbt.id))).expect(200);
    assert_eq!(set(&member["roles"]), set_of(&["manager", "rbt"]));
}

#[test]
fn s000_18_nobody_decides_on_their_own_request_or_grants_what_they_lack() {
    let org = Org::new();
    let manager: Vec<String> =
        words(&org.owner.client.get(&org.path("/roles/manager")).expect(200)["permissions"]);
    let more: Vec<&str> = manager.iter().map(String::as_str).chain(["decide_permission_requests"]).collect();
    super::helpers::grant(&org, "manager", &more);
    let own = ask(&org, &org.manager, json!({"requested_role": "bcba"})).expect(201);
    org.manager.client.post(&at(&org, &own, "/grant"), review()).refused(403, "forbidden");
    org.manager.client.post(&at(&org, &own, "/deny"), review()).refused(403, "forbidden");
    let up = ask(&org, &org.rbt, json!({"requested_role": "owner"})).expect(201);
    org.manager.client.post(&at(&org, &up, "/grant"), review()).refused(403, "forbidden");
    let by_permission = ask(&org, &org.rbt, json!({"requested_permission": "view_members"})).expect(201);
    let path = at(&org, &by_permission, "/grant");
    org.manager.client.post(&path, review()).refused(422, "rule_violated");
    let with = |role: &str| {
        let mut body = review();
        body["role"] = json!(role);
        body
    };
    org.manager.client.post(&path, with("bcba")).refused(422, "rule_violated");
    org.manager.client.post(&path, with("community_facilitator")).expect(200);
    org.rbt.client.get(&org.path("/members")).expect(200);
}

#[test]
fn s000_19_a_decision_is_final_and_visible_to_the_requester() {
    let org = Org::new();
    let made = ask(&org, &org.rbt, json!({"requested_role": "manager"})).expect(201);
    let denied = org.owner.client.post(&at(&org, &made, "/deny"), review()).expect(200);
    assert_eq!((&denied["status"], &denied["identity_check"]), (&json!("denied"), &json!("Called back.")));
    for rest in ["/deny", "/grant"] {
        org.owner.client.post(&at(&org, &made, rest), review()).refused(409, "invalid_transition");
    }
    let seen = org.rbt.client.get(&at(&org, &made, "")).expect(200);
    assert_eq!(
        (&seen["explanation"], &seen["decided_by"]),
        (&json!("Works nights from now on."), &json!(org.owner.id))
    );
    assert_eq!((&seen["identity_check"], &seen["consulted"]), (&Value::Null, &Value::Null));
    server().mailbox().wait_for(&org.rbt.email, "");
    ask(&org, &org.rbt, json!({"requested_role": "manager"})).expect(201);
    let waiting = org.owner.client.get(&org.path("/permission-requests?is_decided=false")).expect(200);
    assert_eq!(waiting["data"].as_array().map(Vec::len), Some(1));
}

//! Members of an organization, and their roles: S003-7, S003-9, S003-11, R11, R12, R15, S004-2.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, PASSWORD, Reply, platform_owner, server, unique};

fn add(org: &Org, email: &str, change: Value) -> Reply {
    let mut body = json!({"email": email, "name": "Sam Field", "roles": ["rbt"]});
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    org.owner.client.post(&org.path("/members"), body)
}

fn new_email() -> String {
    format!("{}@else.example", unique("sam"))
}

fn member(org: &Org, id: &str) -> Value {
    org.owner.client.get(&org.path(&format!("/members/{id}"))).expect(200)
}

#[test]
fn s003_09_a_new_member_is_active_and_gets_a_one_time_link() {
    let (org, email) = (shared(), new_email());
    let reply = add(org, &email, json!({"location_ids": [org.downtown]}));
    let place = reply.header("location").unwrap();
    let made = reply.expect(201);
    assert_eq!(
        (&made["is_active"], &made["roles"], &made["ticket_scope"]),
        (&json!(true), &json!(["rbt"]), &json!("organization"))
    );
    assert_eq!((&made["email"], &made["location_ids"]), (&json!(email), &json!([org.downtown])));
    assert_eq!(place, format!("/api/v1{}", org.path(&format!("/members/{}", text(&made, "user_id")))));
    assert!(made.get("account_setup").is_none(), "no answer but that of the hand-over holds the link");
    let token = server().mailbox().wait_for(&email, "Your new account").token();
    let setup = json!({"token": token, "name": "Sam Field", "password": PASSWORD});
    Client::anonymous().post("/account-setups", setup).expect(201);
    let me = Client::log_in(&email, PASSWORD).get("/me").expect(200);
    assert_eq!(me["platform_permissions"], json!([]), "nobody begins as more than a member");
}

#[test]
fn s003_09_each_wrong_field_is_named_and_nothing_stored() {
    let org = Org::new();
    let before = walk(&org.owner.client, &org.path("/members")).len();
    let body = json!({"email": "no address", "name": " ", "roles": [], "location_ids": ["x"], "ticket_scope": "all", "is_superuser": true, "password": "x"});
    let problem = org.owner.client.post(&org.path("/members"), body).refused(422, "validation_failed");
    let expected = [
        "#/email",
        "#/name",
        "#/roles",
        "#/location_ids/0",
        "#/ticket_scope",
        "#/is_superuser",
        "#/password",
    ];
    assert_eq!(places(&problem), set_of(&expected));
    let problem = org.owner.client.post(&org.path("/members"), json!({})).refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/email", "#/name", "#/roles"]));
    let email = new_email();
    assert_eq!(
        places(&add(&org, &email, json!({"roles": ["king"]})).refused(422, "reference_not_found")),
        set_of(&["#/roles"])
    );
    assert_eq!(
        places(&add(&org, &email, json!({"location_ids": [nobody()]})).refused(422, "reference_not_found")),
        set_of(&["#/location_ids"])
    );
    for role in ["platform_owner", "platform_manager"] {
        add(&org, &email, json!({"roles": [role]})).refused(422, "reference_not_found");
    }
    assert_eq!(walk(&org.owner.client, &org.path("/members")).len(), before);
    let made = add(&org, &email, json!({})).expect(201);
    assert_eq!(made["account_status"], "pending_confirmation", "a refusal made no account");
}

#[test]
fn s003_09_r15_an_address_has_one_account_however_it_is_written() {
    let (org, other) = (Org::new(), shared());
    let known = &other.rbt;
    let written = known.email.to_uppercase();
    let made = add(&org, &written, json!({"name": "Whom we call Bob"})).expect(201);
    assert_eq!((&made["user_id"], &made["account_status"]), (&json!(known.id), &Value::Null));
    assert_eq!(made["name"], "Whom we call Bob", "nothing is shown that was not sent");
    let mine = known.client.get("/me").expect(200);
    assert_ne!(mine["name"], "Whom we call Bob", "the account's own name");
    assert!(mine["memberships"].as_array().unwrap().iter().any(|m| m["org_id"] == json!(org.id)));
    known.client.get(&org.path("/tickets")).expect(200);
    for email in [&written, &known.email] {
        add(&org, email, json!({"roles": ["manager"]})).refused(409, "already_exists");
    }
    assert_eq!(member(&org, &known.id)["roles"], json!(["rbt"]));
    assert_eq!(
        walk(&org.owner.client, &org.path("/members?q=rob"))
            .iter()
            .filter(|m| m["user_id"] == json!(known.id))
            .count(),
        1
    );
}

#[test]
fn r11_roles_are_held_per_organization() {
    let (a, b) = (Org::new(), Org::new());
    add(&b, &a.owner.email, json!({"roles": ["rbt"], "location_ids": [b.downtown]})).expect(201);
    let person = &a.owner;
    let ticket = b.ticket(&b.rbt);
    person.client.get(&a.path("/members")).expect(200);
    person.client.get(&b.path("/members")).refused(403, "forbidden");
    person.client.get(&ticket_path(&b, &ticket, "")).refused(404, "not_found");
    b.ticket(person);
    assert_eq!((count(&b, person, ""), count(&a, person, "")), (1, 0));
    let me = person.client.get("/me").expect(200);
    let held = |org: &Org| {
        me["memberships"].as_array().unwrap().iter().find(|m| m["org_id"] == json!(org.id)).unwrap().clone()
    };
    assert_eq!((&held(&a)["roles"], &held(&b)["roles"]), (&json!(["owner"]), &json!(["rbt"])));
    assert_eq!(set(&held(&b)["permissions"]), set_of(&["create_tickets"]));
    assert_eq!(held(&b)["location_ids"], json!([b.downtown]));
}

#[test]
fn s003_11_roles_are_listed_added_and_replaced() {
    let org = shared();
    let person = org.add_member(&["rbt"], &[&org.downtown], None);
    assert_eq!(member(org, &person.id)["roles"], json!(["rbt"]));
    let both = change_member(org, &person, json!({"roles": ["rbt", "manager"]}));
    assert_eq!(set(&both["roles"]), set_of(&["rbt", "manager"]));
    person.client.get(&org.path("/members")).expect(200);
    assert_eq!(change_member(org, &person, json!({"roles": ["bcba"]}))["roles"], json!(["bcba"]));
    person.client.get(&org.path("/members")).refused(403, "forbidden");
    let path = org.path(&format!("/members/{}", person.id));
    for roles in [json!([]), json!(["king"]), json!("rbt"), json!(null)] {
        assert_eq!(org.owner.client.patch(&path, json!({"roles": roles})).status, 422);
    }
    assert_eq!(member(org, &person.id)["roles"], json!(["bcba"]));
}

#[test]
fn s003_11_the_last_owner_cannot_be_removed() {
    let org = Org::new();
    let path = org.path(&format!("/members/{}", org.owner.id));
    for change in [json!({"roles": ["manager"]}), json!({"roles": ["rbt", "bcba"]})] {
        org.owner.client.patch(&path, change).refused(409, "last_owner");
    }
    org.owner.client.delete(&path).refused(409, "last_owner");
    let suspend = format!("{path}/suspend");
    org.owner.client.post(&suspend, json!({"reason": "Away."})).refused(409, "last_owner");
    assert_eq!(member(&org, &org.owner.id)["roles"], json!(["owner"]));
    let second = org.add_member(&["owner"], &[], None);
    org.suspend(&second);
    org.owner.client.delete(&path).refused(409, "last_owner");
    org.reactivate(&second);
    let demotion = json!({"roles": ["rbt"], "reason": "Wants less to do."});
    let asked = org.owner.client.patch(&path, demotion).expect(202);
    second.client.post_empty(&org.path(&format!("/approvals/{}/approve", text(&asked, "id")))).expect(200);
    let last = org.path(&format!("/members/{}", second.id));
    second.client.delete(&last).refused(409, "last_owner");
    org.owner.client.patch(&last, json!({"roles": ["rbt"]})).refused(403, "forbidden");
}

#[test]
fn s003_11_nobody_grants_a_role_above_their_own_permissions() {
    let org = Org::new();
    let manager = &org.manager.client;
    let path = |id: &str| org.path(&format!("/members/{id}"));
    let email = new_email();
    let body = json!({"email": email, "name": "S", "roles": ["owner"]});
    manager.post(&org.path("/members"), body).refused(403, "forbidden");
    for (id, change) in [
        (&org.rbt.id, json!({"roles": ["owner"]})),
        (&org.manager.id, json!({"roles": ["manager", "owner"]})),
        (&org.owner.id, json!({"roles": ["rbt"]})),
    ] {
        manager.patch(&path(id), change).refused(403, "forbidden");
    }
    manager.delete(&path(&org.owner.id)).refused(403, "forbidden");
    for person in [&org.rbt, &org.bcba] {
        person.client.patch(&path(&person.id), json!({"roles": ["manager"]})).refused(403, "forbidden");
        person.client.get(&path(&person.id)).refused(403, "forbidden");
    }
    let second = org.add_member(&["owner"], &[], None);
    let suspend = format!("{}/suspend", path(&second.id));
    manager.post(&suspend, json!({"reason": "Away."})).refused(403, "forbidden");
    for (person, role) in [(&org.rbt, "rbt"), (&org.manager, "manager"), (&org.owner, "owner")] {
        assert_eq!(member(&org, &person.id)["roles"], json!([role]));
    }
    manager.patch(&path(&org.rbt.id), json!({"roles": ["bcba"]})).expect(200);
    assert_eq!(add(&org, &email, json!({})).expect(201)["account_status"], "pending_confirmation");
}

#[test]
fn s003_07_removal_is_effective_at_once_and_does_not_delete_messages() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    let path = org.path(&format!("/members/{}", org.rbt.id));
    org.owner.client.delete(&path).expect(204);
    org.owner.client.delete(&path).refused(404, "not_found");
    org.owner.client.get(&path).refused(404, "not_found");
    org.rbt.client.get(&ticket_path(&org, &ticket, "")).refused(404, "not_found");
    assert_eq!(read(&org, &org.manager, &ticket)["requester_id"], json!(org.rbt.id));
    let again = add(&org, &org.rbt.email, json!({"location_ids": [org.downtown]})).expect(201);
    assert!(again["account_status"].is_null());
    assert_eq!(read(&org, &org.rbt, &ticket)["number"], 1);
}

#[test]
fn s003_07_suspension_is_effective_at_once_and_can_be_lifted() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    org.suspend(&org.rbt);
    for path in ["", "/tickets", "/ticket-form"] {
        org.rbt.client.get(&org.path(path)).refused(403, "account_disabled");
    }
    assert_eq!(org.rbt.client.get("/me").expect(200)["memberships"], json!([]));
    let listed = |query: &str| {
        walk(&org.owner.client, &org.path(&format!("/members?{query}")))
            .iter()
            .map(|m| text(m, "user_id"))
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("is_active=false"), [org.rbt.id.as_str()]);
    assert!(!listed("is_active=true").contains(&org.rbt.id));
    org.reactivate(&org.rbt);
    assert_eq!(read(&org, &org.rbt, &ticket), ticket);
    assert_eq!(listed("role=manager"), [org.manager.id.as_str()]);
    assert_eq!(listed("q=Mona"), [org.manager.id.as_str()]);
}

#[test]
fn s004_02_the_default_grants() {
    let org = Org::new();
    let all = [
        "create_tickets",
        "manage_tickets",
        "force_close_tickets",
        "manage_categories",
        "manage_locations",
        "view_members",
        "manage_members",
        "invite_members",
        "suspend_members",
        "view_member_profiles",
        "edit_member_profiles",
        "view_member_log_ins",
        "view_member_activity",
        "view_member_mails",
        "diagnose_members",
        "unlock_members",
        "confirm_members",
        "reset_member_passwords",
        "flag_compromised_members",
        "approve_tickets",
        "decide_membership_requests",
        "override_member_privacy",
        "view_as_members",
        "view_member_accesses",
        "set_temporary_passwords",
        "reset_member_two_factor",
        "delete_member_accounts",
        "decide_permission_requests",
        "manage_roles",
        "manage_mail",
        "manage_org",
    ];
    for (key, name, grants) in [
        ("owner", "Owner", &all[..]),
        ("manager", "Manager", &all[..21]),
        ("bcba", "BCBA", &all[..1]),
        ("rbt", "RBT", &all[..1]),
        ("community_member", "Community member", &all[..1]),
        ("guest", "Guest", &all[..1]),
        ("representative", "Representative", &["create_tickets", "approve_tickets", "view_members"]),
    ] {
        let role = org.owner.client.get(&org.path(&format!("/roles/{key}"))).expect(200);
        assert_eq!(
            (set(&role["permissions"]), &role["name"], &role["is_seeded"]),
            (set_of(grants), &json!(name), &json!(true))
        );
    }
    let known = walk(&org.owner.client, &org.path("/permissions"));
    let of = |scope: &str| {
        known
            .iter()
            .filter(|p| p["scope"] == scope)
            .map(|p| text(p, "key"))
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(of("organization"), set_of(&all));
    let platform = set(&platform_owner().client.get("/me").expect(200)["platform_permissions"]);
    assert_eq!(of("platform"), platform, "a platform owner holds all there are");
    assert!(platform.contains("manage_platform") && platform.contains("purge_users"));
    assert!(known.iter().all(|p| !text(p, "description").is_empty()));
}

#[test]
fn s004_02_r12_grants_are_edited_per_organization_and_effective_at_once() {
    let (org, other) = (Org::new(), Org::new());
    let ticket = org.ticket(&org.bcba);
    org.bcba.client.post_empty(&ticket_path(&org, &ticket, "/start")).refused(403, "forbidden");
    grant(&org, "bcba", &["create_tickets", "manage_tickets"]);
    org.bcba.client.post_empty(&ticket_path(&org, &ticket, "/start")).expect(200);
    let me = org.bcba.client.get("/me").expect(200);
    assert_eq!(set(&me["memberships"][0]["permissions"]), set_of(&["create_tickets", "manage_tickets"]));
    let theirs = other.ticket(&other.bcba);
    other.bcba.client.post_empty(&ticket_path(&other, &theirs, "/start")).refused(403, "forbidden");
    grant(&org, "bcba", &["create_tickets"]);
    org.bcba.client.post_empty(&ticket_path(&org, &ticket, "/reopen")).refused(403, "forbidden");
}

#[test]
fn r12_roles_are_fixed_and_owner_holds_everything() {
    let org = Org::new();
    let put = |client: &Client, role: &str, tag: Option<&str>, permissions: &[&str]| {
        let headers: Vec<(&str, &str)> = tag.map(|t| ("If-Match", t)).into_iter().collect();
        client.send_json(
            "PUT",
            &org.path(&format!("/roles/{role}/permissions")),
            &headers,
            &json!({"permissions": permissions}),
        )
    };
    let tag = |role: &str| org.owner.client.get(&org.path(&format!("/roles/{role}"))).etag();
    let problem = put(&org.owner.client, "owner", Some(&tag("owner")), &["create_tickets"])
        .refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/permissions"]));
    put(&org.owner.client, "rbt", Some(&tag("rbt")), &["manage_orgs"]).refused(422, "validation_failed");
    put(&org.owner.client, "rbt", Some(&tag("rbt")), &["fly"]).refused(422, "validation_failed");
    put(&org.owner.client, "king", Some("\"1-all\""), &["create_tickets"]).refused(404, "not_found");
    put(&org.owner.client, "rbt", None, &["create_tickets"]).refused(428, "precondition_required");
    put(&org.owner.client, "rbt", Some("\"99-all\""), &["create_tickets"])
        .refused(412, "precondition_failed");
    for client in [&org.manager.client, &org.rbt.client] {
        put(client, "rbt", Some(&tag("rbt")), &["manage_tickets"]).refused(403, "forbidden");
    }
    platform_owner().client.get(&org.path("/roles")).refused(404, "not_found");
    org.owner.client.delete(&org.path("/roles/rbt")).refused(409, "conflict");
    org.owner.client.patch(&org.path("/roles/rbt"), json!({"name": "King"})).refused(409, "conflict");
    let role = org.owner.client.get(&org.path("/roles/rbt")).expect(200);
    assert_eq!(role["permissions"], json!(["create_tickets"]));
    let empty = grant(&org, "rbt", &[]);
    assert_eq!(empty["permissions"], json!([]));
    org.rbt.client.get(&org.path("/tickets")).refused(403, "forbidden");
}

#[test]
fn s003_28_changes_of_a_membership_are_mailed_and_recorded() {
    let org = Org::new();
    let path = org.path(&format!("/members/{}", org.rbt.id));
    org.manager.client.patch(&path, json!({"roles": ["rbt", "bcba"]})).expect(200);
    crate::harness::server().mailbox().wait_for(&org.rbt.email, "roles");
    org.manager.client.delete(&path).expect(204);
    let history = format!("/users/{}/support-history?purpose=Check", org.rbt.id);
    let kept = column(&platform_owner().client.get(&history).expect(200), "kind");
    for kind in ["member_added", "member_updated", "member_removed"] {
        assert!(kept.contains(&kind.to_owned()), "{kind}: {kept:?}");
    }
}

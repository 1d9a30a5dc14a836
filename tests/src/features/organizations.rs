//! Organizations: S003-6, S003-15 to S003-17, R16.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, OwnServer, PASSWORD, platform_owner, server, unique};

fn create(slug: &str, email: &str) -> crate::harness::Reply {
    let body =
        json!({"name": "Meadow Clinic", "slug": slug, "first_admin": {"email": email, "name": "Ada Grove"}});
    platform_owner().client.post("/orgs", body)
}

fn slugs() -> Vec<String> {
    walk(&platform_owner().client, "/orgs?limit=100").iter().map(|org| text(org, "slug")).collect()
}

fn set_active(org: &Org, is_active: bool) -> Value {
    platform_owner().client.patch(&org.path(""), json!({"is_active": is_active})).expect(200)
}

#[test]
fn s003_15_an_organization_has_a_name_a_slug_and_is_active() {
    let slug = unique("meadow");
    let reply = create(&slug, &format!("ada@{slug}.example"));
    let place = reply.header("location").unwrap();
    let org = reply.expect(201);
    assert_eq!(
        (&org["name"], &org["slug"], &org["is_active"]),
        (&json!("Meadow Clinic"), &json!(slug), &json!(true))
    );
    assert_eq!(place, format!("/api/v1/orgs/{}", text(&org, "id")));
    assert_eq!(
        platform_owner().client.get(place.strip_prefix("/api/v1").unwrap()).expect(200)["slug"],
        json!(slug)
    );
    assert!(slugs().contains(&slug));
}

#[test]
fn s003_15_a_slug_is_unique_and_well_formed() {
    let org = shared();
    let email = format!("{}@else.example", unique("ada"));
    let problem = create(&org.slug, &email).refused(409, "already_exists");
    assert_eq!(places(&problem), set_of(&["#/slug"]));
    for slug in [
        "",
        "a",
        "Meadow",
        "mea dow",
        "-meadow",
        "meadow-",
        "mea--dow",
        "mea_dow",
        "wiese-ä",
        "mea.dow",
        "a\0b",
        "a/b",
        &"a".repeat(64),
    ] {
        let problem = create(slug, &email).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&["#/slug"]), "{slug}");
    }
    let body = json!({"name": " ", "first_admin": {"email": "no address", "name": ""}, "is_active": false});
    let problem = platform_owner().client.post("/orgs", body).refused(422, "validation_failed");
    assert_eq!(
        places(&problem),
        set_of(&["#/name", "#/slug", "#/first_admin/email", "#/first_admin/name", "#/is_active"])
    );
}

#[test]
fn s003_15_only_the_platform_creates_and_deactivates_organizations() {
    let org = shared();
    let slug = unique("meadow");
    let body = json!({"name": "M", "slug": slug, "first_admin": {"email": "m@m.example", "name": "M"}});
    for person in [&org.owner, &org.manager, &org.rbt] {
        person.client.post("/orgs", body.clone()).refused(403, "forbidden");
        person.client.patch(&org.path(""), json!({"is_active": false})).refused(403, "forbidden");
    }
    Client::anonymous().post("/orgs", body).refused(401, "unauthenticated");
    assert!(!slugs().contains(&slug));
    assert_eq!(platform_owner().client.get(&org.path("")).expect(200)["is_active"], true);
    let renamed = org.owner.client.patch(&org.path(""), json!({"name": "Lakeside Group"})).expect(200);
    assert_eq!(renamed["name"], "Lakeside Group");
    org.owner.client.patch(&org.path(""), json!({"slug": "other"})).refused(422, "validation_failed");
    org.manager.client.patch(&org.path(""), json!({"name": "Mine"})).refused(403, "forbidden");
}

const SEEDED_ROLES: [&str; 9] = [
    "bcba",
    "community_facilitator",
    "community_governance_council",
    "community_member",
    "guest",
    "manager",
    "owner",
    "rbt",
    "representative",
];

#[test]
fn s003_16_the_first_admin_comes_with_the_organization() {
    let slug = unique("meadow");
    let email = format!("ada@{slug}.example");
    let org = create(&slug, &email).expect(201);
    assert!(org.get("account_setup").is_none());
    let token = server().mailbox().wait_for(&email, "Your new account").token();
    let person = json!({"token": token, "name": "Ada Grove", "password": PASSWORD});
    Client::anonymous().post("/account-setups", person).expect(201);
    let ada = Client::log_in(&email, PASSWORD);
    let me = ada.get("/me").expect(200);
    assert_eq!(me["memberships"][0]["roles"], json!(["owner"]));
    assert_eq!(me["memberships"][0]["org_slug"], json!(slug));
    let home = format!("/orgs/{}", text(&org, "id"));
    ada.post(&format!("{home}/locations"), json!({"name": "First"})).expect(201);
    let roles = walk(&ada, &format!("{home}/roles"));
    assert_eq!(roles.iter().map(|r| text(r, "key")).collect::<Vec<_>>(), SEEDED_ROLES);
}

#[test]
fn s003_16_if_one_part_fails_neither_exists() {
    let org = shared();
    let email = format!("{}@else.example", unique("ada"));
    create(&org.slug, &email).refused(409, "already_exists");
    let slug = unique("meadow");
    create(&slug, "no address").refused(422, "validation_failed");
    assert!(!slugs().contains(&slug));
    create(&slug, &email).expect(201);
    server().mailbox().wait_for(&email, "Your new account");
}

#[test]
fn s003_16_the_first_admin_may_have_an_account() {
    let (org, slug) = (shared(), unique("meadow"));
    let person = org.add_member(&["rbt"], &[], None);
    create(&slug, &person.email.to_uppercase()).expect(201);
    let memberships = person.client.get("/me").expect(200)["memberships"].clone();
    let mine: Vec<String> = memberships.as_array().unwrap().iter().map(|m| text(m, "org_slug")).collect();
    assert_eq!(mine.into_iter().collect::<std::collections::BTreeSet<_>>(), set_of(&[&org.slug, &slug]));
}

#[test]
fn s003_17_a_verify_call_returns_name_slug_and_admin() {
    let org = Org::new();
    let second = org.add_member(&["owner"], &[], None);
    for client in [&platform_owner().client, &org.owner.client, &org.manager.client] {
        let seen = client.get(&org.path("")).expect(200);
        assert_eq!((&seen["name"], &seen["slug"]), (&json!("Lakeside Therapy"), &json!(org.slug)));
        let admins = seen["admins"].as_array().unwrap();
        let emails: std::collections::BTreeSet<String> = admins.iter().map(|a| text(a, "email")).collect();
        assert_eq!(emails, set_of(&[&org.owner.email, &second.email]));
        assert!(
            admins.iter().any(|a| text(a, "user_id") == org.owner.id && text(a, "name") == "Olive Owner"),
            "{seen}"
        );
    }
    assert_eq!(org.rbt.client.get(&org.path("")).expect(200)["admins"], json!([]), "users see no people");
    org.suspend(&second);
    assert_eq!(org.owner.client.get(&org.path("")).expect(200)["admins"].as_array().unwrap().len(), 1);
    shared().owner.client.get(&org.path("")).refused(404, "not_found");
}

#[test]
fn s003_06_nobody_can_log_in_to_an_inactive_organization_and_nothing_is_lost() {
    let org = Org::new();
    let file = upload(&org, &org.rbt, "kept.txt", "kept");
    let ticket = org.ticket_with(&org.rbt, json!({"attachment_ids": [file]})).expect(201);
    assert_eq!(set_active(&org, false)["is_active"], false);
    for person in [&org.owner, &org.manager, &org.rbt] {
        for path in ["", "/tickets", "/members", "/locations", "/ticket-form", "/me/ticket-summary"] {
            person.client.get(&org.path(path)).refused(403, "organization_inactive");
        }
        person.client.get(&ticket_path(&org, &ticket, "")).refused(403, "organization_inactive");
        org.ticket_with(person, json!({})).refused(403, "organization_inactive");
        assert_eq!(person.client.get("/me").expect(200)["memberships"], json!([]));
        let log_in = json!({"email": person.email, "password": PASSWORD});
        Client::anonymous().post("/sessions", log_in).refused(401, "invalid_credentials");
    }
    org.rbt
        .client
        .get(&org.path(&format!("/attachments/{file}/content")))
        .refused(403, "organization_inactive");
    assert_eq!(platform_owner().client.get(&org.path("")).expect(200)["is_active"], false);
    assert_eq!(set_active(&org, true)["is_active"], true);
    assert_eq!(read(&org, &org.rbt, &ticket), ticket);
    assert_eq!(org.rbt.client.get(&org.path(&format!("/attachments/{file}/content"))).bytes, b"kept");
    assert_eq!(count(&org, &org.owner, ""), 1);
    Client::log_in(&org.rbt.email, PASSWORD).get("/me").expect(200);
}

#[test]
fn r16_another_active_membership_is_enough_to_log_in() {
    let (off, on) = (Org::new(), Org::new());
    let member =
        json!({"email": off.rbt.email, "name": "Rob", "roles": ["rbt"], "location_ids": [on.downtown]});
    on.owner.client.post(&on.path("/members"), member).expect(201);
    set_active(&off, false);
    let client = Client::log_in(&off.rbt.email, PASSWORD);
    client.get(&off.path("/tickets")).refused(403, "organization_inactive");
    client.get(&on.path("/tickets")).expect(200);
    let memberships = client.get("/me").expect(200)["memberships"].clone();
    assert_eq!((memberships.as_array().unwrap().len(), &memberships[0]["org_id"]), (1, &json!(on.id)));
    on.suspend(&off.rbt);
    let log_in = json!({"email": off.rbt.email, "password": PASSWORD});
    Client::anonymous().post("/sessions", log_in).refused(401, "invalid_credentials");
    client.get(&on.path("/tickets")).refused(403, "account_disabled");
}

#[test]
fn r16_without_any_organization_only_me_is_available() {
    let org = Org::new();
    org.owner.client.delete(&org.path(&format!("/members/{}", org.rbt.id))).expect(204);
    let client = Client::log_in(&org.rbt.email, PASSWORD);
    let me = client.get("/me").expect(200);
    assert_eq!(
        (&me["id"], &me["memberships"], &me["platform_permissions"]),
        (&json!(org.rbt.id), &json!([]), &json!([]))
    );
    assert_eq!(client.get("/orgs").expect(200)["data"], json!([]));
    for path in ["", "/tickets", "/members", "/ticket-form"] {
        client.get(&org.path(path)).refused(404, "not_found");
    }
    client
        .post(
            "/orgs",
            json!({"name": "M", "slug": unique("m"), "first_admin": {"email": "m@m.example", "name": "M"}}),
        )
        .refused(403, "forbidden");
    // The shared platform owner calls every operation in another test, and becomes a member somewhere.
    let own = OwnServer::start(&[]);
    let platform = own.platform_owner().client.get("/me").expect(200);
    assert_eq!(platform["memberships"], json!([]));
    assert!(set(&platform["platform_permissions"]).is_superset(&set_of(&["manage_orgs", "manage_platform"])));
}

#[test]
fn s003_09_an_organization_is_found_by_part_of_its_name() {
    let slug = unique("needle");
    let made = create(&slug, &format!("ada@{slug}.example")).expect(201);
    let name = format!("Haystack {slug}");
    platform_owner().client.patch(&format!("/orgs/{}", text(&made, "id")), json!({"name": name})).expect(200);
    let found = |q: &str| walk_ids(&platform_owner().client, &format!("/orgs?q={q}"));
    for q in [&slug, &format!("HAYSTACK%20{slug}"), &slug.to_uppercase()] {
        assert_eq!(found(q), [text(&made, "id")], "{q}");
    }
    assert_eq!(found("%25"), Vec::<String>::new());
}

#[test]
fn s000_15_the_grace_period_is_that_of_the_organization() {
    let org = Org::new();
    let path = format!("/orgs/{}", org.id);
    assert_eq!(org.owner.client.get(&path).expect(200)["grace_days"], Value::Null);
    org.manager.client.patch(&path, json!({"grace_days": 3})).refused(403, "forbidden");
    platform_owner().client.patch(&path, json!({"grace_days": 3})).refused(403, "forbidden");
    org.owner.client.patch(&path, json!({"grace_days": 91})).refused(422, "validation_failed");
    assert_eq!(org.owner.client.patch(&path, json!({"grace_days": 3})).expect(200)["grace_days"], 3);
    let notice = || org.rbt.client.get("/retention-notice").expect(200)["grace_days"].clone();
    assert_eq!(notice(), 3);
    let asked: DateTime<Utc> = text(&org.ticket(&org.rbt), "created_at").parse().unwrap();
    let body = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    let due = org.rbt.client.post("/me/schedule-deletion", body).expect(202);
    let due: DateTime<Utc> = text(&due, "due_at").parse().unwrap();
    assert!((72..=73).contains(&(due - asked).num_hours()), "{due}");
    org.owner.client.patch(&path, json!({"grace_days": null})).expect(200);
    assert_eq!(org.rbt2.client.get("/retention-notice").expect(200)["grace_days"], 30);
}

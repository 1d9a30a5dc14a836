//! Fields that clients must not set.

use serde_json::json;

use super::snapshot::{reports_fault, snapshot};
use super::targets::{Range, schema_of};
use crate::harness::{Client, PASSWORD, Person};

/// Fields that real systems have accepted by mistake.
fn protected_fields() -> Vec<(&'static str, serde_json::Value)> {
    let id = "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b";
    vec![
        ("id", json!(id)),
        ("org_id", json!(id)),
        ("user_id", json!(id)),
        ("number", json!(1)),
        ("status", json!("closed")),
        ("role", json!("owner")),
        ("role_key", json!("owner")),
        ("roles", json!(["owner"])),
        ("permissions", json!(["manage_org"])),
        ("platform_permissions", json!(["manage_orgs"])),
        ("platform_role", json!("platform_owner")),
        ("is_admin", json!(true)),
        ("is_superuser", json!(true)),
        ("is_seeded", json!(false)),
        ("email_verified", json!(true)),
        ("password_hash", json!("x")),
        ("version", json!(9)),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("updated_at", json!("2020-01-01T00:00:00Z")),
        ("resolved_at", json!(null)),
        ("created_by_id", json!(id)),
        ("requester_id", json!(id)),
        ("author_id", json!(id)),
        ("uploader_id", json!(id)),
        ("allowed_actions", json!([])),
        ("Subject", json!("another case")),
        ("__proto__", json!({ "is_admin": true })),
        ("", json!(1)),
    ]
}

#[test]
fn fields_that_clients_must_not_set_are_unknown_everywhere() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets() {
        let own = &schema_of(target.operation).unwrap()["properties"];
        for (name, value) in protected_fields().into_iter().filter(|(name, _)| own.get(*name).is_none()) {
            let body = target.with(name, value);
            let reply = target.client.send_json(
                &target.operation.method,
                &target.path,
                &range.headers(&target),
                &body,
            );
            let problem = reply.refused(422, "validation_failed");
            let is_notified = reports_fault(&problem, &format!("#/{name}"), &["unknown_field"]);
            assert!(is_notified, "{} with {name}: {problem}", target.operation.id);
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn nested_fields_are_checked_in_the_same_way() {
    let platform = crate::harness::platform_owner();
    for (name, value) in protected_fields() {
        let mut body = json!({ "name": "Bayside", "slug": "inside-bayside", "first_admin": { "email": "f@b.example", "name": "Fay" } });
        body["first_admin"][name] = value;
        let problem = platform.client.post("/orgs", body).refused(422, "validation_failed");
        assert!(
            reports_fault(&problem, &format!("#/first_admin/{name}"), &["unknown_field"]),
            "{name}: {problem}"
        );
    }
    let names: Vec<_> = super::snapshot::rows(&platform.client, "/orgs")
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["slug"].clone())
        .collect();
    assert!(!names.contains(&json!("inside-bayside")));
}

#[test]
fn a_refused_body_uses_up_nothing() {
    let range = Range::new();
    for target in range
        .targets()
        .iter()
        .filter(|t| ["refresh_session", "complete_account_setup"].contains(&t.operation.id.as_str()))
    {
        let body = target.with("is_admin", json!(true));
        target.client.post(&target.path, body).refused(422, "validation_failed");
    }
    let nobody = Client::anonymous();
    nobody.post("/sessions/refresh", json!({ "refresh_token": range.refresh_token })).expect(200);
    let person = Person::set_up(&nobody, &range.setup_token, "Wanda Waiting");
    person.client.get("/me").expect(200);
}

#[test]
fn no_body_assigns_more_permissions() {
    let range = Range::new();
    let org = &range.org;
    let me = org.path(&format!("/members/{}", org.rbt.id));
    let before = org.rbt.client.get("/me").expect(200);
    org.rbt.client.patch(&me, json!({ "roles": ["owner"] })).refused(403, "forbidden");
    org.rbt.client.patch(&me, json!({ "ticket_scope": "organization" })).refused(403, "forbidden");
    org.manager.client.patch(&me, json!({ "roles": ["owner"] })).refused(403, "forbidden");
    let manager = org.path(&format!("/members/{}", org.manager.id));
    org.manager.client.patch(&manager, json!({ "roles": ["owner"] })).refused(403, "forbidden");
    let invite = json!({ "email": "up@range.example", "name": "Ulla Up", "roles": ["owner"] });
    org.manager.client.post(&org.path("/members"), invite).refused(403, "forbidden");
    org.manager.client.patch(&org.path(""), json!({ "is_active": false })).refused(403, "forbidden");
    assert_eq!(org.rbt.client.get("/me").expect(200), before);
    // With or without permissions, a log-in can't assign more.
    let log_in = json!({ "email": org.rbt.email, "password": PASSWORD, "roles": ["owner"] });
    Client::anonymous().post("/sessions", log_in).refused(422, "validation_failed");
}

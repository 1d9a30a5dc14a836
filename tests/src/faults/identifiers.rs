//! Ids that do not exist, or belong to another organization, in paths and in bodies.

use serde_json::{Value, json};

use super::places::{Places, operations};
use super::snapshot::{reports_fault, snapshot};
use super::targets::Range;
use crate::harness::{Org, Reply, World};

const NOBODY: &str = "0198c1f2-b7a0-7c3f-8d5e-000000000000";

/// The parameters of an operation's path.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn ids(path: &str) -> impl Iterator<Item = &str> {
    parameters(path).filter(|name| name.ends_with("_id"))
}

#[test]
fn an_unknown_id_in_any_path_is_not_found() {
    let range = Range::new();
    let places = Places::of(&range);
    let before = snapshot(&range.org);
    for operation in operations() {
        // The language may be any, and platform roles are an enum of the document.
        let is_notified = |name: &&str| !["locale", "platform_role"].contains(name);
        for name in parameters(&operation.path).filter(is_notified) {
            let known = *places.ids.keys().find(|known| **known == name).unwrap();
            let unknown = if known.ends_with("_id") { NOBODY } else { "no_such_word" };
            let reply = places.with(known, unknown).call(&range, operation, "");
            assert!(reply.status == 404 && reply.code() == "not_found", "{} {name}: {reply}", operation.id);
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn a_malformed_id_is_a_fault_of_its_parameter() {
    let range = Range::new();
    let places = Places::of(&range);
    let before = snapshot(&range.org);
    let wrong = [
        "1",
        "null",
        "me",
        "0198c1f2-b7a0-7c3f-8d5e-00000000000",
        "0198c1f2-b7a0-7c3f-8d5e-0000000000000",
        "*",
        "%20",
        "a%2Fb",
        "%27",
    ];
    for operation in operations() {
        for name in ids(&operation.path) {
            let known = *places.ids.keys().find(|known| **known == name).unwrap();
            for id in wrong {
                let reply = places.with(known, id).call(&range, operation, "");
                assert!(
                    reply.status == 422 && reply.code() == "validation_failed",
                    "{} {name} {id}: {reply}",
                    operation.id
                );
                assert!(
                    reports_fault(&reply.body, name, &["invalid", "invalid_type"]),
                    "{} {name} {id}: {reply}",
                    operation.id
                );
            }
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

/// What a reply says, without what differs every time.
fn said(reply: Reply) -> (u16, Value) {
    let (status, mut body) = (reply.status, reply.body);
    body["request_id"] = Value::Null;
    (status, body)
}

#[test]
fn in_every_path_a_foreign_id_is_answered_like_one_that_does_not_exist() {
    let (range, foreign) = (Range::new(), Range::new());
    let (places, theirs) = (Places::of(&range), Places::of(&foreign));
    let before = (snapshot(&range.org), snapshot(&foreign.org));
    // Platform administrators see every account.
    for operation in operations().filter(|operation| !operation.path.starts_with("/api/v1/users/")) {
        for name in ids(&operation.path) {
            let known = *places.ids.keys().find(|known| **known == name).unwrap();
            let unknown = said(places.with(known, NOBODY).call(&range, operation, ""));
            let foreign_one = said(places.with(known, &theirs.ids[known]).call(&range, operation, ""));
            assert_eq!(foreign_one, unknown, "{} {name}", operation.id);
        }
    }
    assert_eq!((snapshot(&range.org), snapshot(&foreign.org)), before);
}

/// Requests that refer to something by its id: method, path, the place of the id, and the body.
fn references(org: &Org, ticket: &str, id: &str) -> Vec<(&'static str, String, &'static str, Value)> {
    let one = format!("/tickets/{ticket}");
    let new = |name: &str, value: Value| {
        let mut body =
            json!({ "subject": "S", "details": "D", "urgency": "low", "location_id": org.downtown });
        body[name] = value;
        body
    };
    let member = format!("/members/{}", org.rbt2.id);
    vec![
        ("POST", org.path("/tickets"), "#/location_id", new("location_id", json!(id))),
        ("POST", org.path("/tickets"), "#/on_behalf_of", new("on_behalf_of", json!(id))),
        ("POST", org.path("/tickets"), "#/attachment_ids", new("attachment_ids", json!([id]))),
        ("PATCH", org.path(&one), "#/location_id", json!({ "location_id": id })),
        ("PATCH", org.path(&one), "#/assignee_id", json!({ "assignee_id": id })),
        ("PATCH", org.path(&one), "#/category_id", json!({ "category_id": id })),
        (
            "POST",
            org.path(&format!("{one}/messages")),
            "#/attachment_ids",
            json!({ "body": "B", "visibility": "public", "attachment_ids": [id] }),
        ),
        (
            "PUT",
            org.path(&format!("{one}/read-marker")),
            "#/last_read_message_id",
            json!({ "last_read_message_id": id }),
        ),
        (
            "POST",
            org.path("/categories"),
            "#/parent_id",
            json!({ "key": "sub", "name": "Sub", "parent_id": id }),
        ),
        (
            "POST",
            org.path("/members"),
            "#/location_ids",
            json!({ "email": "ref@range.example", "name": "Ref", "roles": ["rbt"], "location_ids": [org.downtown, id] }),
        ),
        ("PATCH", org.path(&member), "#/location_ids", json!({ "location_ids": [id] })),
    ]
}

#[test]
fn a_reference_to_nothing_or_into_another_organization_is_refused_and_writes_nothing() {
    let world = World::new();
    let (a, b) = (&world.a, &world.b);
    let low = json!({ "urgency": "low" });
    let own = a.ticket_with(&a.owner, low.clone()).expect(201);
    let own = own["id"].as_str().unwrap();
    let theirs = b.ticket_with(&b.rbt, low).expect(201);
    let category = b.owner.client.get(&b.path("/categories")).expect(200)["data"][0]["id"].clone();
    let file = b.owner.client.upload(&b.id, "a.txt", "text/plain", b"text").expect(201);
    let said_hello = json!({ "body": "Hello", "visibility": "public" });
    let thread = b.path(&format!("/tickets/{}/messages", theirs["id"].as_str().unwrap()));
    let message = b.owner.client.post(&thread, said_hello).expect(201);
    let before = (snapshot(a), snapshot(b));
    let foreign = |pointer: &str| match pointer {
        "#/location_id" | "#/location_ids" => json!(b.downtown),
        "#/on_behalf_of" | "#/assignee_id" => json!(b.rbt.id),
        "#/attachment_ids" => file["id"].clone(),
        "#/category_id" | "#/parent_id" => category.clone(),
        "#/last_read_message_id" => message["id"].clone(),
        other => panic!("nothing foreign for {other}"),
    };
    for (method, path, pointer, body) in references(a, own, NOBODY) {
        let client = &a.owner.client;
        let unknown = client.send_json(method, &path, &[], &body);
        assert!(unknown.status == 422 && unknown.code() == "reference_not_found", "{pointer}: {unknown}");
        let faults = unknown.body["errors"].as_array().unwrap();
        assert!(
            faults.iter().any(|f| f["pointer"].as_str().is_some_and(|p| p.starts_with(pointer))),
            "{pointer}: {unknown}"
        );
        let id = foreign(pointer);
        let body: Value =
            serde_json::from_str(&body.to_string().replace(NOBODY, id.as_str().unwrap())).unwrap();
        let refused = client.send_json(method, &path, &[], &body);
        assert_eq!(said(refused), said(unknown), "{method} {path} {pointer}");
    }
    assert_eq!((snapshot(a), snapshot(b)), before);
}

#[test]
fn an_attachment_of_somebody_else_or_used_before_is_refused() {
    let org = Org::new();
    let own = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let messages = org.path(&format!("/tickets/{}/messages", own["id"].as_str().unwrap()));
    let upload = |by: &crate::harness::Person| {
        by.client.upload(&org.id, "a.txt", "text/plain", b"text").expect(201)["id"].clone()
    };
    let (of_rbt, of_owner) = (upload(&org.rbt), upload(&org.owner));
    let with = |id: &Value| json!({ "body": "See the file", "visibility": "public", "attachment_ids": [id] });
    org.rbt.client.post(&messages, with(&of_owner)).refused(422, "reference_not_found");
    org.rbt.client.post(&messages, with(&of_rbt)).expect(201);
    let before = snapshot(&org);
    org.rbt.client.post(&messages, with(&of_rbt)).refused(422, "reference_not_found");
    let twice = json!({ "body": "Twice", "visibility": "public", "attachment_ids": [of_owner, of_owner] });
    let reply = org.owner.client.post(&messages, twice);
    assert!(reply.status == 422, "{reply}");
    assert_eq!(snapshot(&org), before);
}

#[test]
fn an_unknown_role_is_refused() {
    let org = Org::new();
    let before = snapshot(&org);
    for role in ["no_such_role", "Owner", "owner ", "platform_owner", ""] {
        let body = json!({ "email": "role@range.example", "name": "Rolf", "roles": [role] });
        let reply = org.owner.client.post(&org.path("/members"), body);
        assert!(reply.status == 422, "{role:?}: {reply}");
        let reply = org
            .owner
            .client
            .patch(&org.path(&format!("/members/{}", org.rbt.id)), json!({ "roles": [role] }));
        assert!(reply.status == 422, "{role:?}: {reply}");
    }
    assert_eq!(snapshot(&org), before);
}

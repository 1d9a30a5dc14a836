//! `Idempotency-Key`: W6.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, Reply, form, unique};

fn send(client: &Client, path: &str, key: &str, body: &Value) -> Reply {
    client.send_json("POST", path, &[("Idempotency-Key", key)], body)
}

fn plain(org: &Org) -> Value {
    json!({"subject": "Tablet", "details": "Dark.", "urgency": "low", "location_id": org.downtown})
}

/// Asserts that the second answer repeats the first, and says so.
fn assert_replayed(first: &Reply, second: &Reply) {
    assert!(first.status < 300, "{first}");
    assert_eq!((first.status, &first.bytes), (second.status, &second.bytes));
    assert_eq!(
        (first.header("etag"), first.header("location")),
        (second.header("etag"), second.header("location"))
    );
    assert_eq!(
        (first.header("idempotency-replayed"), second.header("idempotency-replayed").as_deref()),
        (None, Some("true"))
    );
}

#[test]
fn w06_each_create_and_command_happens_once() {
    let org = Org::new();
    let client = &org.manager.client;
    let ticket = send(client, &org.path("/tickets"), "k", &plain(&org)).expect(201);
    let outcome = json!({"message": "Done.", "resolution_summary": "Done."});
    for (path, body) in [
        (org.path("/tickets"), plain(&org)),
        (org.path("/locations"), json!({"name": "Hillside"})),
        (org.path("/categories"), json!({"key": "billing", "name": "Billing"})),
        (ticket_path(&org, &ticket, "/messages"), json!({"body": "Ours.", "visibility": "public"})),
        (ticket_path(&org, &ticket, "/messages"), json!({"body": "Between us.", "visibility": "internal"})),
        (ticket_path(&org, &ticket, "/resolve"), outcome),
        (ticket_path(&org, &ticket, "/close"), json!({"reason": "Confirmed."})),
        (ticket_path(&org, &ticket, "/follow-up"), json!({"details": "Again."})),
    ] {
        let key = unique("key");
        let first = send(client, &path, &key, &body);
        assert_replayed(&first, &send(client, &path, &key, &body));
        assert_replayed(&first, &send(client, &path, &format!("\"{key}\""), &body));
    }
    assert_eq!(count(&org, &org.owner, ""), 3);
    assert_eq!(thread(&org, &org.manager, &ticket).len(), 3);
    assert_eq!(
        steps(&org, &org.manager, &ticket),
        ["open>in_progress", "in_progress>resolved", "resolved>closed"]
    );
    let started = org.ticket(&org.rbt);
    let start =
        || client.send("POST", &ticket_path(&org, &started, "/start"), &[("Idempotency-Key", "start")], None);
    assert_replayed(&start(), &start());
    resolve(&org, &org.manager, &started).expect(200);
    let reopen = || {
        client.send("POST", &ticket_path(&org, &started, "/reopen"), &[("Idempotency-Key", "reopen")], None)
    };
    assert_replayed(&reopen(), &reopen());
    assert_eq!(
        steps(&org, &org.rbt, &started),
        ["open>in_progress", "in_progress>resolved", "resolved>in_progress"]
    );
}

#[test]
fn w06_a_key_with_another_body_is_refused() {
    let org = Org::new();
    send(&org.rbt.client, &org.path("/tickets"), "one", &plain(&org)).expect(201);
    let mut other = plain(&org);
    other["urgency"] = json!("high");
    let problem =
        send(&org.rbt.client, &org.path("/tickets"), "one", &other).refused(422, "idempotency_key_reused");
    assert_eq!(places(&problem), set_of(&["Idempotency-Key"]));
    assert_eq!(count(&org, &org.owner, ""), 1);
}

#[test]
fn w06_a_key_belongs_to_its_caller_and_path() {
    let (a, b) = (Org::new(), Org::new());
    let key = unique("key");
    let first = send(&a.rbt.client, &a.path("/tickets"), &key, &plain(&a)).expect(201);
    let second = send(&a.rbt2.client, &a.path("/tickets"), &key, &plain(&a)).expect(201);
    assert_ne!(first["id"], second["id"]);
    let member = json!({"email": a.rbt.email, "name": "Rob", "roles": ["rbt"], "location_ids": [b.downtown]});
    b.owner.client.post(&b.path("/members"), member).expect(201);
    let third = send(&a.rbt.client, &b.path("/tickets"), &key, &plain(&b)).expect(201);
    assert_eq!(third["number"], 1);
    for ticket in [&first, &a.ticket(&a.rbt)] {
        send(
            &a.rbt.client,
            &ticket_path(&a, ticket, "/messages"),
            &key,
            &json!({"body": "B", "visibility": "public"}),
        )
        .expect(201);
    }
}

#[test]
fn w06_refusals_are_not_saved() {
    let org = Org::new();
    let path = org.path("/tickets");
    let mut body = plain(&org);
    body["location_id"] = json!(org.riverside);
    send(&org.bcba.client, &path, "later", &body).refused(422, "reference_not_found");
    change_member(&org, &org.bcba, json!({"location_ids": [org.riverside]}));
    let reply = send(&org.bcba.client, &path, "later", &body);
    assert!(reply.header("idempotency-replayed").is_none());
    reply.expect(201);
    send(&org.bcba.client, &path, "blank", &json!({})).refused(422, "validation_failed");
    body["urgency"] = json!("high");
    send(&org.bcba.client, &path, "blank", &body).expect(201);
}

#[test]
fn w06_a_replay_requires_the_current_permissions() {
    let org = Org::new();
    let path = org.path("/tickets");
    send(&org.rbt.client, &path, "mine", &plain(&org)).expect(201);
    org.suspend(&org.rbt);
    send(&org.rbt.client, &path, "mine", &plain(&org)).refused(403, "account_disabled");
}

#[test]
fn w06_a_key_has_length_limits() {
    let org = shared();
    let path = org.path("/tickets");
    for key in ["", &"k".repeat(256), "two words", "\u{e4}"] {
        let problem = send(&org.rbt.client, &path, key, &plain(org)).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&["Idempotency-Key"]), "{key}");
    }
    send(&org.rbt.client, &path, &"k".repeat(255), &plain(org)).expect(201);
}

#[test]
fn w06_an_upload_is_compared_by_its_bytes() {
    let org = shared();
    let key = unique("key");
    let send = |name: &str, bytes: &[u8]| {
        let (media_type, body) = form("file", name, "text/plain", bytes);
        org.rbt.client.send(
            "POST",
            &org.path("/attachments"),
            &[("Content-Type", &media_type), ("Idempotency-Key", &key)],
            Some(body),
        )
    };
    let first = send("a.txt", b"one");
    assert_replayed(&first, &send("a.txt", b"one"));
    send("a.txt", b"two").refused(422, "idempotency_key_reused");
    let content = org.path(&format!("/attachments/{}/content", text(&first.body, "id")));
    assert_eq!(org.rbt.client.get(&content).bytes, b"one", "a replay leaves the stored bytes alone");
}

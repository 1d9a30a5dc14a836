//! The same request many times, with one key.

use std::thread::scope;
use std::time::Duration;

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::faults::snapshot::rows;
use crate::harness::{Org, OwnServer, Reply, is_postgres};

fn new_ticket(org: &Org) -> Value {
    json!({ "subject": "Once", "details": "Only once", "urgency": "low", "location_id": org.downtown })
}

/// Asserts that one answer is the first, and all others repeat it.
fn one_effect(replies: &[Reply], status: u16) {
    only(replies, &[(status, ""), (409, "idempotency_in_progress")]);
    for waiting in with_status(replies, 409) {
        assert_eq!(waiting.header("Retry-After").as_deref(), Some("1"), "{waiting}");
    }
    let done = with_status(replies, status);
    let first: Vec<_> = done.iter().filter(|reply| reply.header("Idempotency-Replayed").is_none()).collect();
    assert_eq!(first.len(), 1, "{} answers were not replayed", first.len());
    for reply in &done {
        assert_eq!(reply.body, first[0].body);
        assert_eq!(
            (reply.header("Location"), reply.header("ETag")),
            (first[0].header("Location"), first[0].header("ETag"))
        );
        let replayed = reply.header("Idempotency-Replayed");
        assert!(replayed.is_none() || replayed.as_deref() == Some("true"), "{reply}");
    }
}

/// SQLite has one writer: there the second request waits until the first is done.
#[test]
fn a_key_whose_first_request_does_not_end_is_in_progress() {
    if !is_postgres() {
        return;
    }
    let own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let path = format!("/api/v1{}", org.path("/tickets"));
    let first = format!(
        "BEGIN; INSERT INTO idempotency_keys (user_id, method, path, idempotency_key, fingerprint, created_at) \
         VALUES ('{}', 'POST', '{path}', 'one-key', 'of the first', now()); SELECT pg_sleep(8); ROLLBACK",
        org.rbt.id
    );
    scope(|threads| {
        threads.spawn(|| own.hold(&first, Duration::ZERO));
        own.wait_for_sql(
            "SELECT count(*) > 0 FROM pg_locks \
             WHERE relation = 'idempotency_keys'::regclass AND mode = 'RowExclusiveLock'",
            "t",
        );
        let post = || {
            let key = [("Idempotency-Key", "one-key")];
            org.rbt.client.send_json("POST", &org.path("/tickets"), &key, &new_ticket(&org))
        };
        let refused = post();
        assert_eq!(refused.header("Retry-After").as_deref(), Some("1"), "{refused}");
        refused.refused(409, "idempotency_in_progress");
    });
}

#[test]
fn twenty_posts_with_one_key_make_one_ticket() {
    for round in 0..3 {
        let org = Org::new();
        let key = format!("key-{round}");
        let post = |_| {
            org.rbt.client.send_json(
                "POST",
                &org.path("/tickets"),
                &[("Idempotency-Key", &key)],
                &new_ticket(&org),
            )
        };
        one_effect(&together(20, post), 201);
        let again = post(0);
        assert_eq!(
            (again.status, again.header("Idempotency-Replayed").as_deref()),
            (201, Some("true")),
            "{again}"
        );
        assert_eq!(rows(&org.owner.client, &org.path("/tickets")).as_array().unwrap().len(), 1);
    }
}

#[test]
fn messages_commands_and_uploads_happen_once_too() {
    let org = Org::new();
    let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let key = [("Idempotency-Key", "\"quoted-key\"")];
    let message = json!({ "body": "Once", "visibility": "public" });
    let replies =
        together(10, |_| org.owner.client.send_json("POST", &format!("{path}/messages"), &key, &message));
    one_effect(&replies, 201);
    assert_eq!(rows(&org.rbt.client, &format!("{path}/messages")).as_array().unwrap().len(), 1);
    let resolution = json!({ "message": "Done", "resolution_summary": "Done" });
    one_effect(
        &together(10, |_| org.owner.client.send_json("POST", &format!("{path}/resolve"), &key, &resolution)),
        200,
    );
    assert_eq!(rows(&org.rbt.client, &format!("{path}/messages")).as_array().unwrap().len(), 2);
    let form =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntext\r\n--x--\r\n"
            .to_vec();
    let headers = [("Idempotency-Key", "upload"), ("Content-Type", "multipart/form-data; boundary=x")];
    let replies = together(10, |_| {
        org.rbt.client.send("POST", &org.path("/attachments"), &headers, Some(form.clone()))
    });
    one_effect(&replies, 201);
    let id = with_status(&replies, 201)[0].body["id"].as_str().unwrap().to_owned();
    assert_eq!(org.rbt.client.get(&org.path(&format!("/attachments/{id}/content"))).bytes, b"text");
}

#[test]
fn one_key_with_two_bodies_does_one_of_them() {
    let org = Org::new();
    let replies = together(12, |number| {
        let mut body = new_ticket(&org);
        body["subject"] = json!(format!("Subject {}", number % 2));
        org.rbt.client.send_json("POST", &org.path("/tickets"), &[("Idempotency-Key", "two")], &body)
    });
    only(&replies, &[(201, ""), (409, "idempotency_in_progress"), (422, "idempotency_key_reused")]);
    assert_eq!(rows(&org.owner.client, &org.path("/tickets")).as_array().unwrap().len(), 1);
}

#[test]
fn a_key_belongs_to_its_caller_and_path() {
    let org = Org::new();
    let key = [("Idempotency-Key", "shared")];
    let replies = together(4, |number| {
        let by = if number % 2 == 0 { &org.rbt } else { &org.rbt2 };
        by.client.send_json("POST", &org.path("/tickets"), &key, &new_ticket(&org))
    });
    only(&replies, &[(201, ""), (409, "idempotency_in_progress")]);
    assert_eq!(rows(&org.owner.client, &org.path("/tickets")).as_array().unwrap().len(), 2);
    org.owner
        .client
        .send_json("POST", &org.path("/categories"), &key, &json!({ "key": "c", "name": "C" }))
        .expect(201);
}

#[test]
fn a_refusal_is_not_saved() {
    let org = Org::new();
    let key = [("Idempotency-Key", "again")];
    let post = |body: &Value| org.rbt.client.send_json("POST", &org.path("/tickets"), &key, body);
    post(&json!({ "subject": " " })).refused(422, "validation_failed");
    let mut elsewhere = new_ticket(&org);
    elsewhere["location_id"] = json!("0198c1f2-b7a0-7c3f-8d5e-000000000000");
    post(&elsewhere).refused(422, "reference_not_found");
    let made = post(&new_ticket(&org));
    assert_eq!(made.header("Idempotency-Replayed"), None);
    made.expect(201);
    for bad in ["", "k\u{e9}y", &"k".repeat(256)] {
        org.rbt
            .client
            .send_json("POST", &org.path("/tickets"), &[("Idempotency-Key", bad)], &new_ticket(&org))
            .refused(422, "validation_failed");
    }
    assert_eq!(rows(&org.owner.client, &org.path("/tickets")).as_array().unwrap().len(), 1);
}

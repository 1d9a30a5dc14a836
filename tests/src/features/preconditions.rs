//! `ETag`, `If-Match` and `If-None-Match`: W3, W4.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, Reply};

fn if_match(client: &Client, method: &str, path: &str, tag: &str, body: &Value) -> Reply {
    client.send_json(method, path, &[("If-Match", tag)], body)
}

/// Each resource with a tag: its path, and a valid change.
fn tagged(org: &Org) -> Vec<(String, Value)> {
    vec![
        (org.path(""), json!({"name": "Lakeside Group"})),
        (org.path(&format!("/locations/{}", org.downtown)), json!({"address": "1 Road"})),
        (org.path(&format!("/members/{}", org.rbt.id)), json!({"roles": ["bcba"]})),
        (ticket_path(org, &org.ticket(&org.owner), ""), json!({"subject": "Anew", "priority": "high"})),
    ]
}

#[test]
fn w03_a_stale_if_match_changes_nothing() {
    let org = Org::new();
    for (path, change) in tagged(&org) {
        let before = org.owner.client.get(&path);
        let (tag, body) = (before.etag(), before.expect(200));
        let stale = if_match(&org.owner.client, "PATCH", &path, "\"99-stale\"", &change);
        assert_eq!(stale.header("etag"), Some(tag.clone()), "a 412 tells the current tag: {path}");
        stale.refused(412, "precondition_failed");
        if_match(&org.owner.client, "PATCH", &path, &format!("W/{tag}"), &change)
            .refused(412, "precondition_failed");
        assert_eq!(org.owner.client.get(&path).expect(200), body);
        let changed = if_match(&org.owner.client, "PATCH", &path, &tag, &change);
        let next = changed.etag();
        assert_ne!(next, tag);
        let changed = changed.expect(200);
        let now = org.owner.client.get(&path);
        assert_eq!((now.etag(), now.expect(200)), (next.clone(), changed), "{path}");
        if_match(&org.owner.client, "PATCH", &path, &tag, &change).refused(412, "precondition_failed");
        for tag in ["*".to_owned(), format!("\"7-x\", {next}")] {
            if_match(&org.owner.client, "PATCH", &path, &tag, &json!({})).expect(200);
        }
        org.owner.client.patch(&path, json!({})).expect(200);
        assert_eq!(
            org.owner.client.get(&path).etag(),
            next,
            "a patch without a change is no new version: {path}"
        );
    }
}

#[test]
fn w03_if_none_match_gives_304() {
    let org = Org::new();
    for (path, change) in tagged(&org) {
        let tag = org.owner.client.get(&path).etag();
        for sent in [tag.clone(), format!("\"7-x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let reply = org.owner.client.send("GET", &path, &[("If-None-Match", &sent)], None);
            assert_eq!((reply.status, reply.bytes.len()), (304, 0), "{path} {sent}");
            assert_eq!(reply.etag(), tag);
        }
        org.owner.client.patch(&path, change).expect(200);
        org.owner.client.send("GET", &path, &[("If-None-Match", &tag)], None).expect(200);
    }
}

#[test]
fn w03_every_visible_change_of_a_ticket_raises_its_tag() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let changes: [(&str, &dyn Fn()); 6] = [
        ("reply", &|| drop(reply(org, &org.rbt, &ticket, "More.").expect(201))),
        ("edit", &|| drop(patch(org, &org.rbt, &ticket, json!({"details": "Anew."})).expect(200))),
        ("triage", &|| drop(patch(org, &org.manager, &ticket, json!({"priority": "high"})).expect(200))),
        ("resolve", &|| drop(resolve(org, &org.manager, &ticket).expect(200))),
        ("reopen", &|| drop(reply(org, &org.rbt, &ticket, "Dark again.").expect(201))),
        ("close", &|| drop(close(org, &ticket))),
    ];
    for (what, change) in changes {
        let before = [&org.rbt, &org.manager].map(|p| etag_of(org, p, &ticket));
        assert_ne!(before[0], before[1], "the requester and staff see different bodies");
        change();
        let after = [&org.rbt, &org.manager].map(|p| etag_of(org, p, &ticket));
        assert!(before[0] != after[0] && before[1] != after[1], "{what}");
    }
}

#[test]
fn w03_if_match_ignores_the_audience_mark() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let (path, of_requester) = (ticket_path(org, &ticket, ""), etag_of(org, &org.rbt, &ticket));
    if_match(&org.manager.client, "PATCH", &path, &of_requester, &json!({"priority": "high"})).expect(200);
    if_match(&org.rbt.client, "PATCH", &path, &of_requester, &json!({"subject": "Anew"}))
        .refused(412, "precondition_failed");
}

#[test]
fn w03_a_new_resource_has_a_tag() {
    let org = Org::new();
    let file = json!({"subject": "A", "details": "B", "urgency": "low", "location_id": org.downtown});
    for (path, body) in [(org.path("/tickets"), file), (org.path("/locations"), json!({"name": "Hillside"}))]
    {
        let made = org.owner.client.post(&path, body);
        let (tag, place) = (made.etag(), made.header("location").unwrap());
        let read = org.owner.client.get(place.strip_prefix("/api/v1").unwrap());
        assert_eq!(read.etag(), tag);
        assert_eq!(read.body, made.body);
    }
}

#[test]
fn w04_put_requires_if_match_and_delete_respects_it() {
    let org = Org::new();
    let role = org.path("/roles/rbt");
    let body = json!({"permissions": ["create_tickets", "view_members"]});
    let put = format!("{role}/permissions");
    org.owner.client.put(&put, body.clone()).refused(428, "precondition_required");
    let tag = org.owner.client.get(&role).etag();
    let changed = if_match(&org.owner.client, "PUT", &put, &tag, &body);
    let next = changed.etag();
    changed.expect(200);
    if_match(&org.owner.client, "PUT", &put, &tag, &json!({"permissions": []}))
        .refused(412, "precondition_failed");
    assert_eq!(org.owner.client.get(&role).etag(), next);
    let member = org.path(&format!("/members/{}", org.rbt2.id));
    let tag = org.owner.client.get(&member).etag();
    change_member(&org, &org.rbt2, json!({"location_ids": []}));
    org.owner.client.send("DELETE", &member, &[("If-Match", &tag)], None).refused(412, "precondition_failed");
    let tag = org.owner.client.get(&member).etag();
    org.owner.client.send("DELETE", &member, &[("If-Match", &tag)], None).expect(204);
}

//! Small helpers of the feature tests.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::harness::{Client, Org, Person, Reply, unique};

/// An organization for tests that read only what they create themselves.
pub(super) fn shared() -> &'static Org {
    static ORG: LazyLock<Org> = LazyLock::new(Org::new);
    &ORG
}

/// An id that does not exist.
pub(super) fn nobody() -> String {
    uuid::Uuid::from_u128(0x0198_c1f2_b7a0_7c3f_8d5e_6f70_8192_ffff).to_string()
}

/// A word of letters and digits that nothing else contains or begins with.
pub(super) fn rare_word(prefix: &str) -> String {
    let word: String = unique(prefix).chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}z", word.to_lowercase())
}

pub(super) fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {value}")).to_owned()
}

/// The texts of an array.
pub(super) fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

/// The texts of an array, in no order.
pub(super) fn set(value: &Value) -> BTreeSet<String> {
    words(value).into_iter().collect()
}

/// The given field of each item of a page.
pub(super) fn column(page: &Value, field: &str) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|item| text(item, field)).collect()
}

/// The places of a problem's faults, with their codes.
pub(super) fn faults(problem: &Value) -> BTreeSet<(String, String)> {
    let place = |e: &Value| {
        ["pointer", "parameter", "header"].iter().find_map(|k| e[k].as_str().map(str::to_owned)).unwrap()
    };
    problem["errors"].as_array().unwrap().iter().map(|e| (place(e), text(e, "code"))).collect()
}

/// The places of a problem's faults.
pub(super) fn places(problem: &Value) -> BTreeSet<String> {
    faults(problem).into_iter().map(|(place, _)| place).collect()
}

pub(super) fn set_of(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(|s| (*s).to_owned()).collect()
}

/// An answer as a caller sees it, without what differs from request to request.
pub(super) fn as_seen(reply: &Reply) -> (u16, Option<String>, Value) {
    let mut body = reply.body.clone();
    if let Some(members) = body.as_object_mut() {
        members.remove("request_id");
    }
    (reply.status, reply.header("etag"), body)
}

/// Sends a request; `Null` is no body at all.
pub(super) fn call(client: &Client, method: &str, path: &str, body: &Value) -> Reply {
    if body.is_null() {
        client.send(method, path, &[], None)
    } else {
        client.send_json(method, path, &[], body)
    }
}

pub(super) fn ticket_path(org: &Org, ticket: &Value, rest: &str) -> String {
    org.path(&format!("/tickets/{}{rest}", text(ticket, "id")))
}

/// The ticket as `person` reads it now.
pub(super) fn read(org: &Org, person: &Person, ticket: &Value) -> Value {
    person.client.get(&ticket_path(org, ticket, "")).expect(200)
}

pub(super) fn etag_of(org: &Org, person: &Person, ticket: &Value) -> String {
    person.client.get(&ticket_path(org, ticket, "")).etag()
}

/// A public message.
pub(super) fn reply(org: &Org, person: &Person, ticket: &Value, body: &str) -> Reply {
    person.client.post(&ticket_path(org, ticket, "/messages"), json!({"body": body, "visibility": "public"}))
}

/// An internal note.
pub(super) fn note(org: &Org, person: &Person, ticket: &Value, body: &str) -> Reply {
    person
        .client
        .post(&ticket_path(org, ticket, "/messages"), json!({"body": body, "visibility": "internal"}))
}

pub(super) fn resolve(org: &Org, staff: &Person, ticket: &Value) -> Reply {
    let outcome = json!({"message": "We renewed your access.", "resolution_summary": "Access renewed."});
    staff.client.post(&ticket_path(org, ticket, "/resolve"), outcome)
}

pub(super) fn patch(org: &Org, person: &Person, ticket: &Value, change: Value) -> Reply {
    person.client.patch(&ticket_path(org, ticket, ""), change)
}

/// Resolves and closes a ticket.
pub(super) fn close(org: &Org, ticket: &Value) -> Value {
    resolve(org, &org.manager, ticket).expect(200);
    org.manager.client.post(&ticket_path(org, ticket, "/close"), json!({"reason": "Confirmed."})).expect(200)
}

/// All pages of a list, one item after the other.
pub(super) fn walk(client: &Client, path: &str) -> Vec<Value> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let (mut items, mut next) = (Vec::new(), path.to_owned());
    loop {
        let page = client.get(&next).expect(200);
        items.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}{joint}cursor={cursor}"),
            None => return items,
        }
    }
}

pub(super) fn walk_ids(client: &Client, path: &str) -> Vec<String> {
    walk(client, path).iter().map(|item| text(item, "id")).collect()
}

pub(super) fn thread(org: &Org, person: &Person, ticket: &Value) -> Vec<Value> {
    walk(&person.client, &ticket_path(org, ticket, "/messages"))
}

/// The events of a ticket, of one kind if `kind` is set.
pub(super) fn events(org: &Org, person: &Person, ticket: &Value, kind: &str) -> Vec<Value> {
    let all = walk(&person.client, &ticket_path(org, ticket, "/events"));
    all.into_iter().filter(|e| kind.is_empty() || e["type"] == kind).collect()
}

/// The changes of status, as `from>to`.
pub(super) fn steps(org: &Org, person: &Person, ticket: &Value) -> Vec<String> {
    let step = |e: &Value| {
        let changes = e["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 1, "a change of status tells the status only: {e}");
        assert_eq!(changes[0]["field"], "status");
        format!("{}>{}", text(&changes[0], "from"), text(&changes[0], "to"))
    };
    events(org, person, ticket, "ticket_status_changed").iter().map(step).collect()
}

/// The number of tickets that `person` sees.
pub(super) fn count(org: &Org, person: &Person, query: &str) -> i64 {
    let page =
        person.client.get(&org.path(&format!("/tickets?include_total=true&limit=1{query}"))).expect(200);
    assert_eq!(page["total"]["is_exact"], true);
    page["total"]["count"].as_i64().unwrap()
}

/// Replaces the permissions of a role in `org`.
pub(super) fn grant(org: &Org, role: &str, permissions: &[&str]) -> Value {
    let path = org.path(&format!("/roles/{role}"));
    let tag = org.owner.client.get(&path).etag();
    let body = json!({"permissions": permissions});
    org.owner
        .client
        .send_json("PUT", &format!("{path}/permissions"), &[("If-Match", &tag)], &body)
        .expect(200)
}

/// Changes a membership.
pub(super) fn change_member(org: &Org, person: &Person, change: Value) -> Value {
    org.owner.client.patch(&org.path(&format!("/members/{}", person.id)), change).expect(200)
}

/// Every operation on the ticket at `path`, with a valid body.
pub(super) fn operations_on(path: &str) -> Vec<(&'static str, String, Value)> {
    let outcome = json!({"message": "Done.", "resolution_summary": "Done."});
    [
        ("GET", "", Value::Null),
        ("PATCH", "", json!({"subject": "Taken over"})),
        ("PATCH", "", json!({"priority": "low"})),
        ("GET", "/messages", Value::Null),
        ("POST", "/messages", json!({"body": "Let me in.", "visibility": "public"})),
        ("POST", "/messages", json!({"body": "Let me in.", "visibility": "internal"})),
        ("GET", "/events", Value::Null),
        ("PUT", "/read-marker", json!({})),
        ("POST", "/start", Value::Null),
        ("POST", "/resolve", outcome),
        ("POST", "/reopen", Value::Null),
        ("POST", "/close", json!({"force": true})),
        ("POST", "/follow-up", json!({"details": "Again."})),
    ]
    .into_iter()
    .map(|(method, rest, body)| (method, format!("{path}{rest}"), body))
    .collect()
}

/// Uploads a small text file and answers with its id.
pub(super) fn upload(org: &Org, person: &Person, name: &str, content: &str) -> String {
    text(&person.client.upload(&org.id, name, "text/plain", content.as_bytes()).expect(201), "id")
}

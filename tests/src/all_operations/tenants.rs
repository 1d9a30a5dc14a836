//! Tenant isolation: what belongs to one organization is unknown to the other, in a path, a body or a query,
//! and nothing that the other tries changes it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::requests::{Request, Stage, id_of, request, variants};
use super::tenants_people::everyone;
use crate::harness::document::{Document, Operation, document, object};
use crate::harness::{Client, Org, Reply, World};

/// An id that does not exist.
fn unknown() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("0198c1f2-b7a0-7c3f-8000-{:012x}", LAST.fetch_add(1, Ordering::Relaxed))
}

#[test]
fn foreign_ids_in_a_path_are_unknown() {
    let World { a, b } = World::new();
    let stage = Stage { org: &b, caller: Some(&b.owner), is_filer: true };
    let mut requests = Vec::new();
    for operation in inside() {
        for variant in [""].iter().chain(variants(&operation.id)) {
            requests.push((operation, request(operation, variant, &stage)));
        }
    }
    let before = everything(&b);
    let own = everything(&a);
    for (operation, theirs) in &requests {
        refuses_as_unknown(operation, theirs, &theirs.path, &a, &b);
        // With the own organization in the path, only operations that name a thing by its id have something
        // foreign left.
        if things_in(operation) > 0 {
            refuses_as_unknown(operation, theirs, &theirs.path.replace(&b.id, &a.id), &a, &b);
        }
    }
    assert_unchanged("the other organization", &before, &everything(&b));
    assert_unchanged("the own organization", &own, &everything(&a));
}

/// As A's owner: 404, and the same answer as for ids that do not exist.
fn refuses_as_unknown(operation: &Operation, theirs: &Request, path: &str, a: &Org, b: &Org) {
    let client = &a.owner.client;
    let foreign = theirs.at(path).send(client);
    let nobodys = theirs.at(&with_unknown_ids(operation, path, a)).send(client);
    for reply in [&foreign, &nobodys] {
        assert!(reply.status == 404 && reply.code() == "not_found", "{} ({}): {reply}", operation.id, b.id);
    }
    assert_eq!(
        timeless(&foreign),
        timeless(&nobodys),
        "{}: a foreign id can be told from an unknown one",
        operation.id
    );
    assert_eq!(foreign.header("ETag"), None, "{}: the version of a foreign thing", operation.id);
}

/// The path with each foreign id replaced; those of the own organization remain.
fn with_unknown_ids(operation: &Operation, path: &str, own: &Org) -> String {
    let pattern = operation.path.strip_prefix("/api/v1").expect("an operation inside an organization");
    let segments = pattern.split('/').zip(path.split('/')).map(|(pattern, given)| {
        let is_thing = pattern.ends_with("_id}") && given != own.id;
        if is_thing { unknown() } else { given.to_owned() }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn a_message_is_found_under_its_own_ticket_only() {
    let World { a, b } = World::new();
    let message = |org: &Org| {
        let ticket = id_of(&org.ticket(&org.rbt)).to_owned();
        let path = org.path(&format!("/tickets/{ticket}/messages"));
        let body = json!({ "body": "Any news?", "visibility": "public" });
        (ticket, id_of(&org.rbt.client.post(&path, body).expect(201)).to_owned())
    };
    let ((ticket, own), (_, others), (_, foreign)) = (message(&a), message(&a), message(&b));
    let path = |message: &str| a.path(&format!("/tickets/{ticket}/messages/{message}"));
    let client = &a.owner.client;
    client.get(&path(&own)).expect(200);
    let nobodys = timeless(&client.get(&path(&unknown())));
    for id in [&others, &foreign] {
        let reply = client.get(&path(id));
        assert_eq!((reply.status, timeless(&reply)), (404, nobodys.clone()), "{reply}");
        let marker = json!({ "last_read_message_id": id });
        client
            .put(&a.path(&format!("/tickets/{ticket}/read-marker")), marker)
            .refused(422, "reference_not_found");
    }
}

/// A field of a body, or a parameter of a query, that refers to something.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    operation: String,
    name: String,
}

fn place(operation: &str, name: &str) -> Place {
    Place { operation: operation.to_owned(), name: name.to_owned() }
}

#[test]
fn foreign_ids_in_a_body_are_unknown() {
    let World { a, b } = World::new();
    let theirs = Theirs::of(&b);
    let before = everything(&b);
    let mut walked = BTreeSet::new();
    for (operation, name, theirs) in theirs.references() {
        let send = |id: &str| {
            let stage = Stage { org: &a, caller: Some(&a.owner), is_filer: true };
            let mut request = request(&document().operations[operation], "", &stage);
            request.set(name, if name.ends_with("ids") { json!([id]) } else { json!(id) });
            request.send(&a.owner.client)
        };
        let foreign = send(&theirs);
        assert!(
            foreign.status == 422 && foreign.code() == "reference_not_found",
            "{operation}.{name}: {foreign}"
        );
        let pointer = foreign.body["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert!(pointer.starts_with(&format!("#/{name}")), "{operation}.{name} is pointed at: {foreign}");
        let nobodys = send(&unknown());
        assert_eq!(
            timeless(&foreign),
            timeless(&nobodys),
            "{operation}.{name}: a foreign id can be told from an unknown one"
        );
        assert!(!everything(&a).to_string().contains(&theirs), "{operation}.{name} was kept");
        walked.insert(place(operation, name));
    }
    assert_unchanged("the other organization", &before, &everything(&b));
    assert_eq!(
        walked,
        references_in_bodies(document()),
        "each member that holds an id is walked, and no other"
    );
}

#[test]
fn foreign_ids_in_a_query_find_nothing() {
    let World { a, b } = World::new();
    let theirs = Theirs::of(&b);
    a.ticket(&a.rbt);
    let body = json!({ "email": "in@theirs.example", "roles": ["rbt"] });
    let made = b.owner.client.post(&b.path("/invitations"), body).expect(201);
    assert_eq!(made["inviter_id"], json!(b.owner.id));
    let before = everything(&b);
    let mut walked = BTreeSet::new();
    for (name, id) in [
        ("assignee_id", &b.manager.id),
        ("requester_id", &b.rbt.id),
        ("location_id", &b.downtown),
        ("category_id", &theirs.category),
    ] {
        let page =
            a.owner.client.get(&a.path(&format!("/tickets?{name}={id}&include_total=true"))).expect(200);
        assert_eq!(
            (&page["data"], &page["total"]["count"]),
            (&json!([]), &json!(0)),
            "{name} of the other organization"
        );
        walked.insert(place("list_tickets", name));
    }
    for (name, id) in [("inviter_id", &b.owner.id), ("batch_id", &id_of(&made).to_owned())] {
        let page = a.owner.client.get(&a.path(&format!("/invitations?{name}={id}"))).expect(200);
        assert_eq!(page["data"], json!([]), "{name} of the other organization");
        walked.insert(place("list_invitations", name));
    }
    assert_eq!(walked, references_in_queries(document()), "each parameter that holds an id is walked");
    let found = b.owner.client.get(&b.path("/tickets?q=zanzibar")).expect(200);
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1), "B finds its own word");
    let found = a.owner.client.get(&a.path("/tickets?q=zanzibar&include_total=true")).expect(200);
    assert_eq!((&found["data"], &found["total"]["count"]), (&json!([]), &json!(0)), "A finds a word of B");
    let found = a.owner.client.get(&a.path(&format!("/members?q={}", b.slug))).expect(200);
    assert_eq!(found["data"], json!([]), "A finds people of B by their address");
    assert_unchanged("the other organization", &before, &everything(&b));
}

#[test]
fn a_cursor_is_valid_only_in_its_organization() {
    let World { a, b } = World::new();
    for org in [&a, &b] {
        org.ticket(&org.rbt);
        org.ticket(&org.rbt);
    }
    for list in ["tickets", "members", "locations", "categories", "roles"] {
        let page = b.owner.client.get(&b.path(&format!("/{list}?limit=1"))).expect(200);
        let cursor = page["next_cursor"].as_str().unwrap_or_else(|| panic!("a second page of {list}"));
        let reply = a.owner.client.get(&a.path(&format!("/{list}?limit=1&cursor={cursor}")));
        assert!(matches!(reply.status, 400 | 422), "{list}: {reply}");
    }
}

#[test]
fn an_idempotency_key_is_valid_only_in_its_organization() {
    let World { a, b } = World::new();
    let key = unknown();
    let file = |org: &Org| {
        let body = json!({ "subject": "Same key", "details": "Same words.", "urgency": "low", "location_id": org.downtown });
        org.owner.client.send_json("POST", &org.path("/tickets"), &[("Idempotency-Key", &key)], &body)
    };
    let (theirs, ours) = (file(&b), file(&a));
    assert_eq!(ours.header("Idempotency-Replayed"), None);
    assert_ne!(ours.expect(201)["id"], theirs.expect(201)["id"]);
}

#[test]
fn a_member_of_two_organizations_gets_no_data_mixed() {
    let World { a, b } = World::new();
    let body = json!({ "email": b.manager.email, "name": "Mona Manager", "roles": ["manager"], "location_ids": [a.downtown] });
    let added = a.owner.client.post(&a.path("/members"), body).expect(201);
    assert_eq!(added["account_status"], Value::Null, "an account that exists keeps its password");
    let both = &b.manager;
    let theirs = b.ticket(&b.rbt);
    let ours = a.ticket(&a.rbt);
    both.client.get(&b.path(&format!("/tickets/{}", id_of(&theirs)))).expect(200);
    both.client.get(&a.path(&format!("/tickets/{}", id_of(&ours)))).expect(200);
    both.client.get(&a.path(&format!("/tickets/{}", id_of(&theirs)))).refused(404, "not_found");
    let page = both.client.get(&a.path("/tickets?include_total=true")).expect(200);
    assert_eq!((&page["data"][0]["id"], &page["total"]["count"]), (&ours["id"], &json!(1)));
    let file = both.client.upload(&b.id, "b.txt", "text/plain", b"Of B.").expect(201);
    both.client.get(&a.path(&format!("/attachments/{}", id_of(&file)))).refused(404, "not_found");
    let path = a.path(&format!("/tickets/{}/messages", id_of(&ours)));
    let body = json!({ "body": "Here it is.", "visibility": "public", "attachment_ids": [id_of(&file)] });
    both.client.post(&path, body).refused(422, "reference_not_found");
    // Suspended in one organization, active in the other.
    a.suspend(both);
    both.client.get(&a.path("/tickets")).refused(403, "account_disabled");
    both.client.get(&b.path("/tickets")).expect(200);
}

/// Things of the other organization that can be referred to.
struct Theirs {
    category: String,
    message: String,
    file: String,
    location: String,
    person: String,
}

impl Theirs {
    fn of(b: &Org) -> Self {
        let ticket = b.ticket_with(&b.rbt, json!({ "subject": "Lost in Zanzibar" })).expect(201);
        let path = b.path(&format!("/tickets/{}", id_of(&ticket)));
        let message = b
            .manager
            .client
            .post(&format!("{path}/messages"), json!({ "body": "We look.", "visibility": "public" }))
            .expect(201);
        let category = b
            .owner
            .client
            .post(&b.path("/categories"), json!({ "key": "theirs", "name": "Theirs" }))
            .expect(201);
        let triage = json!({ "assignee_id": b.manager.id, "category_id": category["id"] });
        b.manager.client.patch(&path, triage).expect(200);
        let file = b.manager.client.upload(&b.id, "theirs.txt", "text/plain", b"Theirs.").expect(201);
        Self {
            category: id_of(&category).to_owned(),
            message: id_of(&message).to_owned(),
            file: id_of(&file).to_owned(),
            location: b.downtown.clone(),
            person: b.manager.id.clone(),
        }
    }

    /// Operation, field of its body, and the foreign id for it.
    fn references(&self) -> Vec<(&'static str, &'static str, String)> {
        let all = [
            ("approve_membership_request", "location_ids", &self.location),
            ("create_category", "parent_id", &self.category),
            ("create_follow_up", "attachment_ids", &self.file),
            ("create_follow_up", "location_id", &self.location),
            ("create_invitation", "location_ids", &self.location),
            ("create_invitation_batch", "location_ids", &self.location),
            ("create_member", "location_ids", &self.location),
            ("create_permission_request", "location_ids", &self.location),
            ("create_ticket", "attachment_ids", &self.file),
            ("create_ticket", "location_id", &self.location),
            ("create_ticket", "on_behalf_of", &self.person),
            ("mark_ticket_read", "last_read_message_id", &self.message),
            ("post_message", "attachment_ids", &self.file),
            ("update_member", "location_ids", &self.location),
            ("update_ticket", "assignee_id", &self.person),
            ("update_ticket", "category_id", &self.category),
            ("update_ticket", "location_id", &self.location),
        ];
        all.map(|(operation, name, id)| (operation, name, id.clone())).to_vec()
    }
}

fn inside() -> impl Iterator<Item = &'static Operation> {
    document().operations.values().filter(|operation| operation.path.contains("{org_id}"))
}

/// Number of things that a path names beside its organization. A role is named by a key that each
/// organization has.
fn things_in(operation: &Operation) -> usize {
    operation.path.matches("_id}").count() - 1
}

fn is_reference(name: &str) -> bool {
    name.ends_with("_id") || name.ends_with("_ids") || name == "on_behalf_of"
}

fn references_in_bodies(document: &Document) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    for operation in inside() {
        for body in object(&operation.value["requestBody"]["content"]).values() {
            let members = object(&document.resolve(&body["schema"])["properties"]).keys();
            found.extend(members.filter(|name| is_reference(name)).map(|name| place(&operation.id, name)));
        }
    }
    found
}

fn references_in_queries(document: &Document) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    for operation in inside() {
        let parameters = operation.value["parameters"].as_array().into_iter().flatten();
        let names = parameters
            .map(|p| document.resolve(p))
            .filter(|p| p["in"] == "query")
            .filter_map(|p| p["name"].as_str());
        found.extend(names.filter(|name| is_reference(name)).map(|name| place(&operation.id, name)));
    }
    found
}

/// All that an organization's owner can read of it, and the mails to its members.
fn everything(org: &Org) -> Value {
    let client = &org.owner.client;
    let list = |rest: &str| items(client, &org.path(rest));
    let tickets: Vec<Value> = list("/tickets")
        .iter()
        .map(|ticket| {
            let path = format!("/tickets/{}", id_of(ticket));
            json!({
                "ticket": client.get(&org.path(&path)).expect(200),
                "messages": list(&format!("{path}/messages")),
                "events": list(&format!("{path}/events")),
            })
        })
        .collect();
    let summary = |client: &Client| client.get(&org.path("/me/ticket-summary")).expect(200);
    let mut all = json!({
        "org": client.get(&org.path("")).expect(200),
        "locations": list("/locations"),
        "categories": list("/categories"),
        "members": list("/members"),
        "roles": list("/roles"),
        "tickets": tickets,
        "summaries": [summary(client), summary(&org.manager.client), summary(&org.rbt.client)],
    });
    all.as_object_mut().expect("an object").extend(object(&everyone(org)).clone());
    all
}

pub(super) fn items(client: &Client, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = format!("{path}?limit=100");
    loop {
        let page = client.get(&next).expect(200);
        all.extend(page["data"].as_array().expect("a list").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}?limit=100&cursor={cursor}"),
            None => return all,
        }
    }
}

pub(super) fn assert_unchanged(whose: &str, before: &Value, after: &Value) {
    for (name, was) in object(before) {
        let (was, is) = (without_lock(was), without_lock(&after[name]));
        assert!(was == is, "{name} of {whose} changed\nfrom {was:#}\nto {is:#}");
    }
}

/// The same without the time at which a lock ends by itself: the walk may take longer.
fn without_lock(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let rest = members.iter().filter(|(name, _)| *name != "locked_until");
            rest.map(|(name, value)| (name.clone(), without_lock(value))).collect()
        }
        Value::Array(all) => all.iter().map(without_lock).collect(),
        other => other.clone(),
    }
}

/// A problem without what differs each time.
fn timeless(reply: &Reply) -> Value {
    let mut body = reply.body.clone();
    body.as_object_mut().expect("a problem").remove("request_id");
    body
}

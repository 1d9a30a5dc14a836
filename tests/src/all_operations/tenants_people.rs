//! Tenant isolation of people: invitations, requests to join, permission requests, pending approvals and mail
//! templates. What belongs to one organization is unknown to the staff of the other, and has no effect there.

use serde_json::{Value, json};

use super::requests::{Request, Stage, id_of, request};
use super::tenants::{assert_unchanged, items};
use crate::harness::document::{Operation, document, object};
use crate::harness::{Org, Person, World, unique};

/// Paths below an organization.
const PARTS: [&str; 6] =
    ["/invitation", "/approvals", "/membership-requests", "/permission-requests", "/roles", "/mail-"];
const LISTS: [&str; 5] =
    ["/invitations", "/approvals", "/membership-requests", "/permission-requests", "/mail-templates"];

/// All that an organization's owner can read of these.
pub(super) fn everyone(org: &Org) -> Value {
    let client = &org.owner.client;
    let list = |rest: &str| settled(json!(items(client, &org.path(rest))));
    let one = |rest: &str| settled(client.get(&org.path(rest)).expect(200));
    json!({
        "invitations": list("/invitations"),
        "invitation analytics": one("/invitation-analytics"),
        "approvals": list("/approvals"),
        "membership requests": list("/membership-requests"),
        "permission requests": list("/permission-requests"),
        "mail settings": one("/mail-settings"),
        "mail templates": list("/mail-templates"),
        "mail template gaps": list("/mail-template-gaps"),
    })
}

/// The same without the delivery status of mail, which changes by itself.
fn settled(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let still = members.into_iter().filter(|(name, _)| name != "mail");
            still.map(|(name, value)| (name, settled(value))).collect()
        }
        Value::Array(all) => all.into_iter().map(settled).collect(),
        other => other,
    }
}

fn operations() -> impl Iterator<Item = &'static Operation> {
    let is_one = |path: &str| {
        let rest = path.strip_prefix("/api/v1/orgs/{org_id}");
        rest.is_some_and(|rest| PARTS.iter().any(|part| rest.starts_with(part)))
    };
    document().operations.values().filter(move |operation| is_one(&operation.path))
}

/// Grants all permissions to the role `bcba`, which is not an owner.
fn give_all_rights(org: &Org) {
    let client = &org.owner.client;
    let known = items(client, &org.path("/permissions"));
    let own = known.iter().filter(|one| one["scope"] == "organization").map(|one| one["key"].clone());
    let body = json!({ "permissions": own.collect::<Vec<_>>() });
    let tag = client.get(&org.path("/roles/bcba")).etag();
    let path = org.path("/roles/bcba/permissions");
    client.send_json("PUT", &path, &[("If-Match", &tag)], &body).expect(200);
}

/// Adds two of everything.
fn fill(org: &Org, strangers: [&Person; 2]) {
    let client = &org.owner.client;
    let post = |rest: &str, body: Value| client.post(&org.path(rest), body);
    client.patch(&org.path(""), json!({ "joining_mode": "by_request" })).expect(200);
    for stranger in strangers {
        let key = unique("filled").replace('-', "_");
        let email = || format!("{}@filled.example", unique("filled"));
        post("/invitations", json!({ "email": email(), "roles": ["rbt"] })).expect(201);
        post("/invitation-batches", json!({ "emails": [email(), email()], "roles": ["bcba"] })).expect(200);
        post("/roles", json!({ "key": key, "name": "Filled", "permissions": ["view_members"] })).expect(201);
        let wish = json!({ "requested_role": key, "justification": "I help out." });
        org.rbt.client.post(&org.path("/permission-requests"), wish).expect(201);
        stranger.client.post("/me/membership-requests", json!({ "org_slug": org.slug })).expect(201);
        let body = json!({ "email": email(), "name": "Fil Filled", "roles": ["rbt"] });
        let member = post("/members", body).expect(201);
        let user = member["user_id"].as_str().expect("a user id");
        let deletion = json!({ "identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for." });
        post(&format!("/members/{user}/schedule-deletion"), deletion).expect(202);
    }
    let words = json!({ "subject": "Ours", "text": "{{ link }}" });
    client.put(&org.path("/mail-templates/new_reply/fr"), words).expect(200);
    client.patch(&org.path("/mail-settings"), json!({ "signature": unique("Signed") })).expect(200);
}

#[test]
fn s003_18_staff_see_nothing_of_the_people_of_another_organization() {
    let World { a, b } = World::new();
    give_all_rights(&a);
    let stage = Stage { org: &b, caller: Some(&b.owner), is_filer: true };
    let requests: Vec<(&Operation, Request)> =
        operations().map(|operation| (operation, request(operation, "", &stage))).collect();
    assert!(requests.len() > 30, "only {} are walked", requests.len());
    let (before, own) = (everyone(&b), everyone(&a));
    for (operation, theirs) in &requests {
        for person in [&a.rbt, &a.manager, &a.bcba] {
            let reply = theirs.send(&person.client);
            assert_eq!((reply.status, reply.code()), (404, "not_found"), "{}: {reply}", operation.id);
        }
        // A role, or a kind of mail, is named by a key that each organization has.
        if operation.path.matches("_id}").count() > 1 {
            let ours = theirs.at(&theirs.path.replace(&b.id, &a.id));
            let reply = ours.send(&a.bcba.client);
            assert_eq!((reply.status, reply.code()), (404, "not_found"), "{}: {reply}", operation.id);
            assert_eq!(reply.header("ETag"), None, "{}: the version of a foreign thing", operation.id);
            let reply = ours.send(&a.manager.client);
            assert!(matches!(reply.status, 403 | 404), "{}: {reply}", operation.id);
        }
    }
    assert_unchanged("the other organization", &before, &everyone(&b));
    assert_unchanged("the own organization", &own, &everyone(&a));
}

#[test]
fn r12_a_role_of_another_organization_can_be_neither_read_nor_granted() {
    let World { a, b } = World::new();
    let key = unique("theirs").replace('-', "_");
    let body = json!({ "key": key, "name": "Theirs", "permissions": ["view_members"] });
    let made = b.owner.client.post(&b.path("/roles"), body).expect(201);
    let path = a.path(&format!("/roles/{key}"));
    let client = &a.owner.client;
    client.get(&path).refused(404, "not_found");
    client.delete(&path).refused(404, "not_found");
    client.patch(&path, json!({ "name": "Ours" })).refused(404, "not_found");
    let clone = json!({ "key": "ours", "name": "Ours" });
    client.post(&format!("{path}/clone"), clone).refused(404, "not_found");
    let grants = json!({ "permissions": ["create_tickets"] });
    let headers = [("If-Match", "\"1-all\"")];
    client.send_json("PUT", &format!("{path}/permissions"), &headers, &grants).refused(404, "not_found");
    let email = format!("{}@else.example", unique("mia"));
    for (by, rest, body) in [
        (client, "/members", json!({ "email": email, "name": "Mia", "roles": [key] })),
        (client, "/invitations", json!({ "email": email, "roles": [key] })),
        (client, "/invitation-batches", json!({ "emails": [email], "roles": [key] })),
        (&a.rbt.client, "/permission-requests", json!({ "requested_role": key, "justification": "Me." })),
    ] {
        by.post(&a.path(rest), body).refused(422, "reference_not_found");
    }
    let member = a.path(&format!("/members/{}", a.rbt.id));
    client.patch(&member, json!({ "roles": ["rbt", key] })).refused(422, "reference_not_found");
    assert_eq!(b.owner.client.get(&b.path(&format!("/roles/{key}"))).expect(200), made);
}

#[test]
fn s003_18_additions_of_another_organization_have_no_effect_elsewhere() {
    let (World { a, b }, elsewhere) = (World::new(), Org::new());
    let strangers = [&elsewhere.rbt, &elsewhere.bcba];
    fill(&a, strangers);
    let before = everyone(&a);
    assert_eq!(before["invitation analytics"]["counts"]["total"], 6);
    for list in ["approvals", "membership requests", "permission requests"] {
        assert_eq!(before[list].as_array().map(Vec::len), Some(2), "{list}");
    }
    fill(&b, strangers);
    let (after, theirs) = (everyone(&a), everyone(&b));
    assert_unchanged("the own organization", &before, &after);
    let shown = after.to_string();
    for (name, rows) in object(&theirs) {
        let ids = rows.as_array().into_iter().flatten().filter_map(|row| row["id"].as_str());
        for id in ids {
            assert!(!shown.contains(id), "{name}: {id} of the other organization");
        }
    }
    for (name, id) in [("inviter_id", &b.owner.id), ("batch_id", &id_of_batch(&theirs))] {
        let found = a.owner.client.get(&a.path(&format!("/invitations?{name}={id}"))).expect(200);
        assert_eq!(found["data"], json!([]), "{name}");
    }
    let signature = theirs["mail settings"]["signature"].as_str().expect("a signature");
    assert!(!shown.contains(signature), "{signature}");
}

fn id_of_batch(everyone: &Value) -> String {
    let batch = &everyone["invitation analytics"]["batches"][0]["batch_id"];
    batch.as_str().expect("a batch").to_owned()
}

#[test]
fn l04_a_cursor_of_people_is_valid_only_in_its_organization() {
    let (World { a, b }, elsewhere) = (World::new(), Org::new());
    for org in [&a, &b] {
        fill(org, [&elsewhere.rbt, &elsewhere.bcba]);
    }
    for list in LISTS {
        let page = b.owner.client.get(&b.path(&format!("{list}?limit=1"))).expect(200);
        let cursor = page["next_cursor"].as_str().unwrap_or_else(|| panic!("a second page of {list}"));
        b.owner.client.get(&b.path(&format!("{list}?limit=1&cursor={cursor}"))).expect(200);
        let path = a.path(&format!("{list}?limit=1&cursor={cursor}"));
        a.owner.client.get(&path).refused(400, "invalid_cursor");
    }
}

#[test]
fn s003_18_each_organization_decides_independently_on_one_person() {
    let (World { a, b }, elsewhere) = (World::new(), Org::new());
    let strangers = [&elsewhere.rbt, &elsewhere.bcba];
    fill(&a, strangers);
    fill(&b, strangers);
    let request = |org: &Org| {
        let known = items(&org.owner.client, &org.path("/membership-requests"));
        let own = known.iter().find(|one| one["user_id"] == json!(strangers[0].id));
        id_of(own.expect("a request")).to_owned()
    };
    let theirs = request(&b);
    let approve = a.path(&format!("/membership-requests/{}/approve", request(&a)));
    a.owner.client.post_empty(&approve).expect(200);
    strangers[0].client.get(&a.path("/tickets")).expect(200);
    strangers[0].client.get(&b.path("/tickets")).refused(404, "not_found");
    let path = b.path(&format!("/membership-requests/{theirs}"));
    assert_eq!(b.owner.client.get(&path).expect(200)["status"], "pending");
    let own = a.path(&format!("/membership-requests/{theirs}/approve"));
    a.owner.client.post_empty(&own).refused(404, "not_found");
}

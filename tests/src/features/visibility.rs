//! Who can access tickets, and which: S004-1, S004-3, S004-4, S003-18, S003-7, R9, R13.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, Person, platform_owner, unique};

/// Every operation on tickets, with ids that may or may not exist.
fn ticket_operations(org: &Org, ticket: &str) -> Vec<(&'static str, String, Value)> {
    let new = json!({"subject": "A", "details": "B", "urgency": "low", "location_id": org.downtown});
    let mut all = vec![
        ("GET", org.path("/ticket-form"), Value::Null),
        ("GET", org.path("/tickets"), Value::Null),
        ("POST", org.path("/tickets"), new),
        ("GET", org.path("/me/ticket-summary"), Value::Null),
        ("GET", org.path(&format!("/attachments/{}", nobody())), Value::Null),
        ("GET", org.path(&format!("/attachments/{}/content", nobody())), Value::Null),
        ("DELETE", org.path(&format!("/attachments/{}", nobody())), Value::Null),
        ("GET", org.path(&format!("/tickets/{ticket}/messages/{}", nobody())), Value::Null),
    ];
    all.extend(operations_on(&org.path(&format!("/tickets/{ticket}"))));
    all
}

/// The answers of all operations on one ticket.
fn answers(person: &Person, org: &Org, ticket: &str) -> Vec<(String, u16, Option<String>, Value)> {
    let path = org.path(&format!("/tickets/{ticket}"));
    let shown = |(method, path, body): (&str, String, Value)| {
        let (status, etag, answer) = as_seen(&call(&person.client, method, &path, &body));
        (format!("{method} {} {body}", path.replace(ticket, "{}")), status, etag, answer)
    };
    operations_on(&path).into_iter().map(shown).collect()
}

#[test]
fn s004_01_without_log_in_it_is_401() {
    let org = shared();
    let ticket = text(&org.ticket(&org.rbt), "id");
    for id in [ticket, nobody()] {
        for (method, path, body) in ticket_operations(org, &id) {
            let reply = call(&Client::anonymous(), method, &path, &body);
            assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"), "{method} {path}");
            reply.refused(401, "unauthenticated");
        }
    }
}

#[test]
fn s004_01_without_either_permission_it_is_403() {
    let org = Org::new();
    let ticket = org.ticket(&org.bcba);
    let before = read(&org, &org.owner, &ticket);
    grant(&org, "bcba", &["view_members", "manage_categories"]);
    for id in [text(&ticket, "id"), nobody()] {
        for (method, path, body) in ticket_operations(&org, &id) {
            call(&org.bcba.client, method, &path, &body).refused(403, "forbidden");
        }
    }
    let upload = org.bcba.client.upload(&org.id, "a.txt", "text/plain", b"a");
    upload.refused(403, "forbidden");
    assert_eq!(read(&org, &org.owner, &ticket), before);
    assert_eq!(count(&org, &org.owner, ""), 1);
    assert_eq!(thread(&org, &org.owner, &ticket).len(), 0);
}

#[test]
fn s004_03_anothers_ticket_is_not_there() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    reply(&org, &org.rbt, &ticket, "More about it.").expect(201);
    let before = read(&org, &org.owner, &ticket);
    let told = events(&org, &org.owner, &ticket, "").len();
    let seen = answers(&org.rbt2, &org, &text(&ticket, "id"));
    assert_eq!(
        seen,
        answers(&org.rbt2, &org, &nobody()),
        "another's ticket answers like one that does not exist"
    );
    for (what, status, _, _) in seen {
        let is_staffs = ["/start", "/resolve", "/reopen", "/close"].iter().any(|verb| what.contains(verb));
        assert_eq!(status, if is_staffs { 403 } else { 404 }, "{what}");
    }
    assert_eq!(read(&org, &org.owner, &ticket), before);
    assert_eq!(thread(&org, &org.owner, &ticket).len(), 1);
    assert_eq!(events(&org, &org.owner, &ticket, "").len(), told);
    assert_eq!(count(&org, &org.owner, ""), 1);
}

#[test]
fn s004_03_users_list_search_and_count_only_their_own() {
    let org = Org::new();
    let word = rare_word("own");
    let mine = org.ticket_with(&org.rbt, json!({"subject": format!("Mine {word}")})).expect(201);
    let others = org
        .ticket_with(&org.rbt2, json!({"subject": format!("Other {word}"), "urgency": "critical"}))
        .expect(201);
    patch(&org, &org.manager, &others, json!({"assignee_id": org.manager.id})).expect(200);
    for query in [
        String::new(),
        format!("&q={word}"),
        format!("&requester_id={}", org.rbt.id),
        format!("&location_id={}", org.downtown),
    ] {
        let page = org.rbt.client.get(&org.path(&format!("/tickets?include_total=true{query}"))).expect(200);
        assert_eq!(column(&page, "id"), [text(&mine, "id")], "{query}");
        assert_eq!(page["total"], json!({"count": 1, "is_exact": true}), "{query}");
    }
    let number = &others["number"];
    for query in [
        format!("number={number}"),
        "priority=critical".to_owned(),
        "has_assignee=true".to_owned(),
        format!("assignee_id={}", org.manager.id),
        format!("requester_id={}", org.rbt2.id),
        format!("q={word}&requester_id={}", org.rbt2.id),
    ] {
        let page = org.rbt.client.get(&org.path(&format!("/tickets?include_total=true&{query}"))).expect(200);
        assert_eq!((&page["data"], &page["total"]["count"]), (&json!([]), &json!(0)), "{query}");
    }
}

#[test]
fn s004_03_anothers_message_and_file_are_not_there() {
    let org = shared();
    let file = upload(org, &org.rbt, "mine.txt", "mine");
    let ticket = org.ticket_with(&org.rbt, json!({"attachment_ids": [file]})).expect(201);
    let message = text(&reply(org, &org.rbt, &ticket, "More.").expect(201), "id");
    let own = org.ticket(&org.rbt2);
    for path in [
        ticket_path(org, &ticket, &format!("/messages/{message}")),
        ticket_path(org, &own, &format!("/messages/{message}")),
        org.path(&format!("/attachments/{file}")),
        org.path(&format!("/attachments/{file}/content")),
    ] {
        org.rbt2.client.get(&path).refused(404, "not_found");
    }
    org.rbt2.client.delete(&org.path(&format!("/attachments/{file}"))).refused(404, "not_found");
    let stolen = org.ticket_with(&org.rbt2, json!({"attachment_ids": [file]}));
    stolen.refused(422, "reference_not_found");
    assert_eq!(org.rbt.client.get(&org.path(&format!("/attachments/{file}/content"))).bytes, b"mine");
}

#[test]
fn s004_04_staff_list_and_read_all() {
    let org = Org::new();
    let people = [&org.rbt, &org.rbt2, &org.bcba, &org.manager];
    let filed: Vec<Value> = people.map(|person| org.ticket(person)).into();
    for staff in [&org.owner, &org.manager] {
        let mut listed = walk_ids(&staff.client, &org.path("/tickets"));
        listed.sort();
        let mut expected: Vec<String> = filed.iter().map(|t| text(t, "id")).collect();
        expected.sort();
        assert_eq!(listed, expected);
        filed.iter().for_each(|ticket| assert_eq!(read(&org, staff, ticket)["number"], ticket["number"]));
    }
    for person in people.into_iter().take(3) {
        assert_eq!(count(&org, person, ""), 1);
    }
}

#[test]
fn r09_another_tenants_ticket_is_not_there() {
    let (a, b) = (Org::new(), shared());
    let ticket = a.ticket(&a.rbt);
    let before = read(&a, &a.owner, &ticket);
    let id = text(&ticket, "id");
    for (method, path, body) in operations_on(&a.path(&format!("/tickets/{id}"))) {
        let foreign = call(&b.owner.client, method, &path, &body);
        let nowhere = call(&b.owner.client, method, &path.replace(&a.id, &nobody()), &body);
        assert_eq!(as_seen(&foreign), as_seen(&nowhere), "{method} {path}");
        foreign.refused(404, "not_found");
    }
    let seen = answers(&b.owner, b, &id);
    assert_eq!(seen, answers(&b.owner, b, &nobody()));
    seen.iter().for_each(|(what, status, _, _)| assert_eq!(*status, 404, "{what}"));
    assert_eq!(read(&a, &a.owner, &ticket), before);
    assert_eq!(thread(&a, &a.owner, &ticket).len(), 0);
}

#[test]
fn r09_a_thing_of_the_own_tenant_without_permission_is_403() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    for (method, path, body) in [
        ("GET", org.path("/members"), Value::Null),
        ("GET", org.path(&format!("/members/{}", org.rbt.id)), Value::Null),
        ("POST", org.path("/locations"), json!({"name": "Mine"})),
        ("POST", org.path("/categories"), json!({"key": "mine", "name": "Mine"})),
        ("PATCH", org.path(""), json!({"name": "Mine"})),
        ("GET", org.path("/roles"), Value::Null),
        ("POST", ticket_path(org, &ticket, "/start"), Value::Null),
        ("POST", ticket_path(org, &ticket, "/close"), json!({"force": true})),
    ] {
        call(&org.rbt.client, method, &path, &body).refused(403, "forbidden");
    }
    assert_eq!(read(org, &org.rbt, &ticket)["status"], "open");
}

#[test]
fn r13_platform_roles_give_no_access_to_tickets() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    for (method, path, body) in ticket_operations(&org, &text(&ticket, "id")) {
        call(&platform_owner().client, method, &path, &body).refused(404, "not_found");
    }
    for path in ["/members", "/locations", "/categories", "/roles"] {
        platform_owner().client.get(&org.path(path)).refused(404, "not_found");
    }
    platform_owner().client.get(&org.path("")).expect(200);
    assert_eq!(read(&org, &org.rbt, &ticket), ticket);
}

#[test]
fn s003_18_another_tenants_rows_are_in_no_list_search_or_count() {
    let (a, b) = (Org::new(), Org::new());
    let word = rare_word("secret");
    let theirs = b.ticket_with(&b.rbt, json!({"subject": word})).expect(201);
    reply(&b, &b.manager, &theirs, &word).expect(201);
    let mine = a.ticket(&a.rbt);
    for query in
        [format!("q={word}"), format!("requester_id={}", b.rbt.id), format!("location_id={}", b.downtown)]
    {
        let page = a.owner.client.get(&a.path(&format!("/tickets?include_total=true&{query}"))).expect(200);
        assert_eq!((&page["data"], &page["total"]["count"]), (&json!([]), &json!(0)), "{query}");
    }
    assert_eq!(walk_ids(&a.owner.client, &a.path("/tickets")), [text(&mine, "id")]);
    let members = walk(&a.owner.client, &a.path("/members"));
    assert!(members.iter().all(|m| text(m, "user_id") != b.owner.id), "{members:?}");
    for path in ["/locations", "/categories?limit=100"] {
        let ours: Vec<String> = walk_ids(&a.owner.client, &a.path(path));
        let other = walk_ids(&b.owner.client, &b.path(path));
        assert!(!other.is_empty() && other.iter().all(|id| !ours.contains(id)), "{path}");
    }
    assert_eq!(column(&a.owner.client.get("/orgs").expect(200), "id"), [a.id.as_str()]);
    let file = upload(&b, &b.rbt, "b.txt", "b");
    for path in [
        format!("/attachments/{file}"),
        format!("/attachments/{file}/content"),
        format!("/members/{}", b.rbt.id),
        format!("/locations/{}", b.downtown),
    ] {
        a.owner.client.get(&a.path(&path)).refused(404, "not_found");
    }
}

#[test]
fn s003_18_another_tenants_ids_are_accepted_nowhere() {
    let (a, b) = (Org::new(), shared());
    let (mine, theirs) = (a.ticket(&a.rbt), b.ticket(&b.rbt));
    let category = text(&walk(&b.owner.client, &b.path("/categories"))[0], "id");
    let message = text(&reply(b, &b.manager, &theirs, "Theirs.").expect(201), "id");
    let file = upload(b, &b.rbt, "b.txt", "b");
    let before = read(&a, &a.owner, &mine);
    for change in [
        json!({"assignee_id": b.manager.id}),
        json!({"category_id": category}),
        json!({"location_id": b.downtown}),
    ] {
        let field = change.as_object().unwrap().keys().next().unwrap().clone();
        let problem = patch(&a, &a.owner, &mine, change).refused(422, "reference_not_found");
        assert_eq!(places(&problem), set_of(&[&format!("#/{field}")]));
    }
    let with_file = json!({"body": "With a file.", "visibility": "public", "attachment_ids": [file]});
    a.rbt.client.post(&ticket_path(&a, &mine, "/messages"), with_file).refused(422, "reference_not_found");
    let marker =
        a.rbt.client.put(&ticket_path(&a, &mine, "/read-marker"), json!({"last_read_message_id": message}));
    marker.refused(422, "reference_not_found");
    let category = json!({"key": rare_word("k"), "name": "K", "parent_id": category});
    a.owner.client.post(&a.path("/categories"), category).refused(422, "reference_not_found");
    let member = json!({"email": format!("{}@else.example", unique("m")), "name": "M", "roles": ["rbt"], "location_ids": [b.downtown]});
    a.owner.client.post(&a.path("/members"), member).refused(422, "reference_not_found");
    assert_eq!(read(&a, &a.owner, &mine), before);
    assert_eq!(thread(&a, &a.owner, &mine).len(), 0);
    assert_eq!(walk(&a.owner.client, &a.path("/categories")).len(), 34);
}

#[test]
fn s003_07_without_a_membership_there_are_no_rows() {
    let org = Org::new();
    let leaving = org.add_member(&["manager"], &[&org.downtown], None);
    let ticket = org.ticket(&org.rbt);
    assert_eq!(count(&org, &leaving, ""), 1);
    org.owner.client.delete(&org.path(&format!("/members/{}", leaving.id))).expect(204);
    for (method, path, body) in ticket_operations(&org, &text(&ticket, "id")) {
        call(&leaving.client, method, &path, &body).refused(404, "not_found");
    }
    assert_eq!(leaving.client.get("/orgs").expect(200)["data"], json!([]));
    assert_eq!(leaving.client.get("/me").expect(200)["memberships"], json!([]));
}

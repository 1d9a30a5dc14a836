//! What staff do beside replying, and where: S004-9, S004-18, S004-19, R14.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person};

#[test]
fn s004_09_staff_assign_triage_and_sort() {
    let org = shared();
    let category = text(&walk(&org.owner.client, &org.path("/categories"))[3], "id");
    let ticket = org.ticket(&org.rbt);
    let change = json!({"assignee_id": org.owner.id, "category_id": category, "priority": "critical", "location_id": org.riverside, "waiting_on": "requester"});
    let changed = patch(org, &org.manager, &ticket, change.clone()).expect(200);
    for (field, value) in change.as_object().unwrap() {
        assert_eq!(&changed[field], value, "{field}");
    }
    assert_eq!(changed["status"], "open");
    let told = |kind: &str| -> Vec<Value> {
        events(org, &org.manager, &ticket, kind)
            .iter()
            .flat_map(|e| e["changes"].as_array().unwrap().clone())
            .collect()
    };
    assert_eq!(told("ticket_assigned"), [json!({"field": "assignee_id", "from": null, "to": org.owner.id})]);
    let triaged = told("ticket_triaged");
    assert_eq!(triaged.len(), 4);
    assert!(
        triaged.contains(&json!({"field": "priority", "from": ticket["priority"], "to": "critical"})),
        "{triaged:?}"
    );
    assert!(
        triaged.contains(&json!({"field": "location_id", "from": org.downtown, "to": org.riverside})),
        "{triaged:?}"
    );
    let cleared = patch(
        org,
        &org.manager,
        &ticket,
        json!({"assignee_id": null, "category_id": null, "waiting_on": null}),
    )
    .expect(200);
    assert!(["assignee_id", "category_id", "waiting_on"].iter().all(|f| cleared[*f].is_null()), "{cleared}");
    let problem = patch(org, &org.manager, &ticket, json!({"priority": null, "location_id": null}))
        .refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/priority", "#/location_id"]));
}

#[test]
fn s004_09_one_invalid_reference_changes_nothing() {
    let org = Org::new();
    let category = org
        .owner
        .client
        .post(&org.path("/categories"), json!({"key": "billing", "name": "Billing"}))
        .expect(201);
    let path = org.path(&format!("/categories/{}", text(&category, "id")));
    org.owner.client.patch(&path, json!({"is_active": false})).expect(200);
    let ticket = org.ticket(&org.rbt);
    for (field, code) in [
        ("assignee_id", "reference_not_found"),
        ("category_id", "reference_not_found"),
        ("location_id", "reference_not_found"),
    ] {
        let problem = patch(&org, &org.manager, &ticket, json!({"priority": "critical", field: nobody()}))
            .refused(422, code);
        assert_eq!(places(&problem), set_of(&[&format!("#/{field}")]));
    }
    let retired = json!({"priority": "critical", "category_id": category["id"]});
    let problem = patch(&org, &org.manager, &ticket, retired).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/category_id"]));
    org.owner
        .client
        .patch(&org.path(&format!("/locations/{}", org.riverside)), json!({"is_active": false}))
        .expect(200);
    patch(&org, &org.manager, &ticket, json!({"location_id": org.riverside})).refused(422, "rule_violated");
    assert_eq!(read(&org, &org.rbt, &ticket), ticket);
    assert_eq!(events(&org, &org.manager, &ticket, "").len(), 1);
}

#[test]
fn s004_18_only_who_can_work_on_it_is_assigned() {
    let (org, other) = (Org::new(), shared());
    let suspended = org.add_member(&["manager"], &[&org.downtown], None);
    org.suspend(&suspended);
    let removed = org.add_member(&["manager"], &[&org.downtown], None);
    org.owner.client.delete(&org.path(&format!("/members/{}", removed.id))).expect(204);
    let elsewhere = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    let ticket = org.ticket(&org.rbt);
    let assign = |id: &str| patch(&org, &org.manager, &ticket, json!({"assignee_id": id}));
    for (id, code) in [
        (&org.rbt.id, "rule_violated"),
        (&org.bcba.id, "rule_violated"),
        (&elsewhere.id, "rule_violated"),
        (&suspended.id, "reference_not_found"),
        (&removed.id, "reference_not_found"),
        (&other.manager.id, "reference_not_found"),
        (&nobody(), "reference_not_found"),
    ] {
        assert_eq!(places(&assign(id).refused(422, code)), set_of(&["#/assignee_id"]));
    }
    assert_eq!(as_seen(&assign(&other.manager.id)), as_seen(&assign(&nobody())));
    assert_eq!(read(&org, &org.rbt, &ticket), ticket);
    for person in [&org.owner, &org.manager] {
        assert_eq!(assign(&person.id).expect(200)["assignee_id"], json!(person.id));
    }
    grant(&org, "bcba", &["manage_tickets"]);
    assert_eq!(
        assign(&org.bcba.id).expect(200)["assignee_id"],
        json!(org.bcba.id),
        "the permission decides, not the role"
    );
    org.reactivate(&suspended);
    assign(&suspended.id).expect(200);
}

/// An organization, a manager of Riverside only, and a ticket at each location.
fn limited() -> (Org, Person, Value, Value) {
    let org = Org::new();
    let person = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    let there =
        org.ticket_with(&org.rbt, json!({"subject": "Lamp there", "location_id": org.riverside})).expect(201);
    let elsewhere = org.ticket_with(&org.rbt, json!({"subject": "Lamp elsewhere"})).expect(201);
    (org, person, there, elsewhere)
}

#[test]
fn s004_19_staff_of_a_location_work_on_its_tickets() {
    let (org, person, there, _) = limited();
    reply(&org, &person, &there, "We look.").expect(201);
    note(&org, &person, &there, "Between us.").expect(201);
    patch(&org, &person, &there, json!({"priority": "high", "assignee_id": person.id})).expect(200);
    assert_eq!(resolve(&org, &person, &there).expect(200)["assignee_id"], json!(person.id));
    assert!(words(&read(&org, &person, &there)["allowed_actions"]).contains(&"reopen".to_owned()));
    assert_eq!(thread(&org, &person, &there).len(), 3);
}

#[test]
fn s004_19_tickets_of_other_locations_are_not_there() {
    let (org, person, _, elsewhere) = limited();
    reply(&org, &org.rbt, &elsewhere, "More.").expect(201);
    let before = (read(&org, &org.owner, &elsewhere), events(&org, &org.owner, &elsewhere, ""));
    let known = operations_on(&ticket_path(&org, &elsewhere, ""));
    let unknown = operations_on(&org.path(&format!("/tickets/{}", nobody())));
    for ((method, path, body), (_, nowhere, _)) in known.into_iter().zip(unknown) {
        let answer = call(&person.client, method, &path, &body);
        assert_eq!(
            as_seen(&answer),
            as_seen(&call(&person.client, method, &nowhere, &body)),
            "{method} {path}"
        );
        answer.refused(404, "not_found");
    }
    assert_eq!((read(&org, &org.owner, &elsewhere), events(&org, &org.owner, &elsewhere, "")), before);
    assert_eq!(thread(&org, &org.owner, &elsewhere).len(), 1);
}

#[test]
fn s004_19_lists_searches_and_counts_end_at_the_location() {
    let (org, person, there, elsewhere) = limited();
    let word = rare_word("note");
    note(&org, &org.manager, &elsewhere, &word).expect(201);
    for query in
        ["", "&q=lamp", "&status=open", "&sort=priority", "&q=lamp&sort=-updated_at&status=open,resolved"]
    {
        let page = person.client.get(&org.path(&format!("/tickets?include_total=true{query}"))).expect(200);
        assert_eq!(column(&page, "id"), [text(&there, "id")], "{query}");
        assert_eq!(page["total"]["count"], 1, "{query}");
    }
    for query in [
        format!("location_id={}", org.downtown),
        format!("number={}", elsewhere["number"]),
        "q=elsewhere".to_owned(),
        format!("q={word}"),
    ] {
        let page = person.client.get(&org.path(&format!("/tickets?include_total=true&{query}"))).expect(200);
        assert_eq!((&page["data"], &page["total"]["count"]), (&json!([]), &json!(0)), "{query}");
    }
    assert_eq!(count(&org, &org.manager, ""), 2);
}

#[test]
fn s004_19_files_of_other_locations_are_not_there() {
    let (org, person, there, elsewhere) = limited();
    for (ticket, status) in [(&there, 200), (&elsewhere, 404)] {
        for (visibility, by) in [("public", &org.rbt), ("internal", &org.manager)] {
            let file = upload(&org, by, "a.txt", "a");
            let body = json!({"body": "See.", "visibility": visibility, "attachment_ids": [file]});
            by.client.post(&ticket_path(&org, ticket, "/messages"), body).expect(201);
            assert_eq!(person.client.get(&org.path(&format!("/attachments/{file}"))).status, status);
            assert_eq!(person.client.get(&org.path(&format!("/attachments/{file}/content"))).status, status);
        }
    }
}

#[test]
fn s004_19_the_scope_follows_ticket_and_membership_at_once() {
    let (org, person, there, elsewhere) = limited();
    patch(&org, &org.manager, &elsewhere, json!({"location_id": org.riverside})).expect(200);
    assert_eq!(count(&org, &person, ""), 2);
    patch(&org, &org.manager, &there, json!({"location_id": org.downtown})).expect(200);
    person.client.get(&ticket_path(&org, &there, "")).refused(404, "not_found");
    change_member(&org, &person, json!({"ticket_scope": "organization"}));
    assert_eq!(count(&org, &person, ""), 2);
    change_member(&org, &person, json!({"ticket_scope": "locations", "location_ids": []}));
    assert_eq!(count(&org, &person, ""), 0);
}

#[test]
fn s004_19_own_requests_stay_visible() {
    let (org, person, ..) = limited();
    let own = org.ticket_with(&person, json!({"location_id": org.riverside})).expect(201);
    patch(&org, &org.manager, &own, json!({"location_id": org.downtown})).expect(200);
    let seen = read(&org, &person, &own);
    assert_eq!(seen["allowed_actions"], json!(["reply", "edit"]));
    patch(&org, &person, &own, json!({"priority": "critical"})).refused(403, "forbidden");
    assert_eq!(count(&org, &person, ""), 2);
}

#[test]
fn r14_locations_of_staff_limit_filing_and_not_viewing() {
    let org = Org::new();
    let staff = org.add_member(&["manager"], &[], None);
    let ticket = org.ticket(&org.rbt);
    assert_eq!(
        org.owner.client.get(&org.path(&format!("/members/{}", staff.id))).expect(200)["ticket_scope"],
        "organization"
    );
    assert_eq!(read(&org, &staff, &ticket)["number"], 1);
    reply(&org, &staff, &ticket, "We look.").expect(201);
    org.ticket_with(&staff, json!({})).refused(422, "no_location_available");
    assert_eq!(count(&org, &staff, ""), 1);
}

//! Filing a request: S004-5 to S004-7, S004-17, S004-23, R1, S000-26.

use serde_json::json;

use super::helpers::*;
use crate::harness::Org;

#[test]
fn s004_05_each_missing_field_is_named_in_one_answer() {
    let org = Org::new();
    let problem = org.rbt.client.post(&org.path("/tickets"), json!({})).refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/subject", "#/details", "#/urgency", "#/location_id"]));
    assert!(faults(&problem).iter().all(|(_, code)| code == "required"), "{problem}");
    assert_eq!(count(&org, &org.owner, ""), 0);
}

#[test]
fn s004_05_each_blank_field_is_named_in_one_answer() {
    let org = Org::new();
    let blank = json!({"subject": " \t", "details": "\n \u{a0}", "urgency": "", "location_id": ""});
    let problem = org.rbt.client.post(&org.path("/tickets"), blank).refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/subject", "#/details", "#/urgency", "#/location_id"]));
    let mixed = json!({"subject": "", "urgency": "urgent", "location_id": 7, "colour": "red"});
    let problem = org.rbt.client.post(&org.path("/tickets"), mixed).refused(422, "validation_failed");
    assert_eq!(
        places(&problem),
        set_of(&["#/subject", "#/details", "#/urgency", "#/location_id", "#/colour"])
    );
    assert_eq!(count(&org, &org.owner, ""), 0);
}

#[test]
fn s004_05_texts_have_limits_and_no_nul() {
    let org = Org::new();
    let long = json!({"subject": "s".repeat(201), "details": "d".repeat(20_001)});
    let problem = org.ticket_with(&org.rbt, long).refused(422, "validation_failed");
    let expected = [("#/subject", "too_long"), ("#/details", "too_long")];
    assert_eq!(faults(&problem), expected.map(|(p, c)| (p.to_owned(), c.to_owned())).into());
    let problem = org
        .ticket_with(&org.rbt, json!({"subject": "a\0b", "details": "\0"}))
        .refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/subject", "#/details"]));
    assert_eq!(count(&org, &org.owner, ""), 0);
    let full = json!({"subject": "é".repeat(200), "details": "é".repeat(20_000)});
    let ticket = org.ticket_with(&org.rbt, full.clone()).expect(201);
    assert_eq!((&ticket["subject"], &ticket["details"]), (&full["subject"], &full["details"]));
}

#[test]
fn s004_06_a_location_of_others_is_refused() {
    let (org, other) = (Org::new(), shared());
    let mut seen = Vec::new();
    for location in [org.riverside.clone(), other.downtown.clone(), nobody()] {
        let reply = org.ticket_with(&org.bcba, json!({"location_id": location}));
        seen.push(as_seen(&reply));
        let problem = reply.refused(422, "reference_not_found");
        assert_eq!(places(&problem), set_of(&["#/location_id"]));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "what exists elsewhere is not told: {seen:?}");
    assert_eq!(count(&org, &org.owner, ""), 0);
    org.ticket_with(&org.bcba, json!({"location_id": org.downtown})).expect(201);
}

#[test]
fn s004_06_nobody_files_without_a_location_and_the_form_warns() {
    let org = Org::new();
    let form = org.nowhere.client.get(&org.path("/ticket-form")).expect(200);
    assert_eq!(form["locations"], json!([]));
    assert_eq!(form["warnings"][0]["code"], "no_location_available");
    for location in [&org.downtown, &nobody()] {
        let reply = org.ticket_with(&org.nowhere, json!({"location_id": location}));
        reply.refused(422, "no_location_available");
    }
    assert_eq!(count(&org, &org.owner, ""), 0);
}

#[test]
fn s004_06_the_form_offers_the_callers_locations_in_use() {
    let org = Org::new();
    let offered = |person: &crate::harness::Person| {
        let form = person.client.get(&org.path("/ticket-form")).expect(200);
        let ids: Vec<String> = form["locations"].as_array().unwrap().iter().map(|l| text(l, "id")).collect();
        (
            ids.into_iter().collect::<std::collections::BTreeSet<_>>(),
            form["warnings"].as_array().unwrap().len(),
        )
    };
    assert_eq!(offered(&org.bcba), (set_of(&[&org.downtown]), 0));
    assert_eq!(offered(&org.rbt), (set_of(&[&org.downtown, &org.riverside]), 0));
    let path = org.path(&format!("/locations/{}", org.downtown));
    org.owner.client.patch(&path, json!({"is_active": false})).expect(200);
    assert_eq!(offered(&org.rbt), (set_of(&[&org.riverside]), 0));
    assert_eq!(offered(&org.bcba), (set_of(&[]), 1));
    org.ticket_with(&org.rbt, json!({"location_id": org.downtown})).refused(422, "reference_not_found");
    org.ticket_with(&org.bcba, json!({"location_id": org.downtown})).refused(422, "no_location_available");
    assert_eq!(count(&org, &org.owner, ""), 0);
}

#[test]
fn s004_07_a_new_ticket_is_open_whatever_is_sent() {
    let org = Org::new();
    let chosen = json!({
        "status": "closed", "assignee_id": org.manager.id, "category_id": nobody(), "priority": "low", "number": 1000, "requester_id": org.rbt2.id,
        "created_by_id": org.rbt2.id, "id": nobody(), "org_id": nobody(), "created_at": "2020-01-01T00:00:00Z", "resolution_summary": "Done", "waiting_on": "requester"
    });
    let expected: std::collections::BTreeSet<String> =
        chosen.as_object().unwrap().keys().map(|k| format!("#/{k}")).collect();
    for person in [&org.rbt, &org.manager] {
        let problem = org.ticket_with(person, chosen.clone()).refused(422, "validation_failed");
        assert_eq!(places(&problem), expected);
        assert!(faults(&problem).iter().all(|(_, code)| code == "unknown_field"), "{problem}");
    }
    for (field, value) in
        [("status", json!("resolved")), ("assignee_id", json!(org.rbt.id)), ("category_id", json!(null))]
    {
        let problem = org.ticket_with(&org.rbt, json!({field: value})).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&[&format!("#/{field}")]));
    }
    assert_eq!(count(&org, &org.owner, ""), 0);
    let ticket = org.ticket(&org.rbt);
    assert_eq!((&ticket["status"], &ticket["status_label"]), (&json!("open"), &json!("Open")));
    for field in [
        "assignee_id",
        "category_id",
        "waiting_on",
        "resolved_at",
        "closed_at",
        "resolution_summary",
        "follow_up_of_id",
    ] {
        assert!(ticket[field].is_null(), "{field} of {ticket}");
    }
}

#[test]
fn s004_17_numbers_count_per_organization_and_have_no_gap() {
    let (one, two) = (Org::new(), Org::new());
    for n in 1..=3 {
        assert_eq!(one.ticket(&one.rbt)["number"], n);
        one.ticket_with(&one.rbt, json!({"location_id": nobody()})).refused(422, "reference_not_found");
        one.ticket_with(&one.rbt, json!({"attachment_ids": [nobody()]})).refused(422, "reference_not_found");
        one.ticket_with(&one.rbt, json!({"subject": ""})).refused(422, "validation_failed");
    }
    assert_eq!(two.ticket(&two.rbt)["number"], 1);
    let closed = close(&one, &one.ticket(&one.rbt));
    assert_eq!(closed["number"], 4);
    assert_eq!(one.ticket(&one.rbt)["number"], 5, "a number is never used again");
}

#[test]
fn s004_17_a_number_is_searchable_and_not_an_id() {
    let org = Org::new();
    let tickets: Vec<_> = (0..3).map(|_| org.ticket(&org.rbt)).collect();
    let found = org.rbt.client.get(&org.path("/tickets?number=2")).expect(200);
    assert_eq!(column(&found, "id"), [text(&tickets[1], "id")]);
    let problem = org.rbt.client.get(&org.path("/tickets/2")).refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["ticket_id"]));
    assert_eq!(org.rbt.client.get(&org.path("/tickets?number=99")).expect(200)["data"], json!([]));
}

#[test]
fn s004_23_manage_tickets_alone_does_not_create() {
    let org = Org::new();
    grant(&org, "bcba", &["manage_tickets"]);
    let closed = close(&org, &org.ticket(&org.rbt));
    for reply in [
        org.ticket_with(&org.bcba, json!({})),
        org.ticket_with(&org.bcba, json!({"on_behalf_of": org.rbt.id})),
        org.bcba.client.post(&ticket_path(&org, &closed, "/follow-up"), json!({"details": "Again."})),
    ] {
        let problem = reply.refused(403, "forbidden");
        assert!(text(&problem, "detail").contains("create_tickets"), "{problem}");
    }
    assert_eq!(count(&org, &org.bcba, ""), 1, "the member can still work on it");
}

#[test]
fn s004_23_staff_with_both_file_for_somebody_who_becomes_requester() {
    let org = Org::new();
    let ticket = org.ticket_with(&org.manager, json!({"on_behalf_of": org.rbt.id})).expect(201);
    assert_eq!(
        (&ticket["requester_id"], &ticket["created_by_id"]),
        (&json!(org.rbt.id), &json!(org.manager.id))
    );
    assert_eq!(read(&org, &org.rbt, &ticket)["id"], ticket["id"]);
    assert_eq!(column(&org.rbt.client.get(&org.path("/tickets")).expect(200), "id"), [text(&ticket, "id")]);
    assert_eq!(org.rbt.client.get(&org.path("/me/ticket-summary")).expect(200)["open_count"], 1);
    assert_eq!(org.manager.client.get(&org.path("/me/ticket-summary")).expect(200)["open_count"], 0);
    patch(&org, &org.rbt, &ticket, json!({"subject": "My own words"})).expect(200);
    patch(&org, &org.manager, &ticket, json!({"subject": "Other words"})).refused(403, "forbidden");
    assert_eq!(read(&org, &org.rbt, &ticket)["subject"], "My own words");
}

#[test]
fn s004_23_only_staff_file_for_others_and_only_for_members_who_can_follow() {
    let (org, other) = (Org::new(), shared());
    let problem = org.ticket_with(&org.rbt, json!({"on_behalf_of": org.rbt2.id})).refused(403, "forbidden");
    assert!(text(&problem, "detail").contains("manage_tickets"), "{problem}");
    let suspended = org.add_member(&["rbt"], &[&org.downtown], None);
    org.suspend(&suspended);
    let mut seen = Vec::new();
    for person in [nobody(), other.rbt.id.clone(), suspended.id.clone()] {
        let reply = org.ticket_with(&org.manager, json!({"on_behalf_of": person}));
        seen.push(as_seen(&reply));
        assert_eq!(places(&reply.refused(422, "reference_not_found")), set_of(&["#/on_behalf_of"]));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
    grant(&org, "bcba", &["manage_tickets"]);
    let problem =
        org.ticket_with(&org.manager, json!({"on_behalf_of": org.bcba.id})).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/on_behalf_of"]));
    assert_eq!(count(&org, &org.owner, ""), 0);
}

#[test]
fn r01_priority_begins_as_urgency_and_is_the_staffs() {
    let org = shared();
    for urgency in ["critical", "high", "normal", "low"] {
        let ticket = org.ticket_with(&org.rbt, json!({"urgency": urgency})).expect(201);
        assert_eq!((&ticket["urgency"], &ticket["priority"]), (&json!(urgency), &json!(urgency)));
    }
    let ticket = org.ticket_with(&org.rbt, json!({"urgency": "low"})).expect(201);
    patch(org, &org.rbt, &ticket, json!({"priority": "critical"})).refused(403, "forbidden");
    for person in [&org.rbt, &org.manager] {
        let problem =
            patch(org, person, &ticket, json!({"urgency": "critical"})).refused(422, "validation_failed");
        assert_eq!(faults(&problem), [("#/urgency".to_owned(), "unknown_field".to_owned())].into());
    }
    assert_eq!(read(org, &org.rbt, &ticket)["priority"], "low");
    let triaged = patch(org, &org.manager, &ticket, json!({"priority": "critical"})).expect(200);
    assert_eq!((&triaged["urgency"], &triaged["priority"]), (&json!("low"), &json!("critical")));
    patch(org, &org.manager, &ticket, json!({"priority": "urgent"})).refused(422, "validation_failed");
    assert_eq!(read(org, &org.rbt, &ticket)["priority"], "critical");
}

#[test]
fn s000_26_the_four_urgencies_come_with_definitions() {
    let org = shared();
    let form = org.rbt.client.get(&org.path("/ticket-form")).expect(200);
    let variable = [
        ("critical", vec!["platform", "down", "security", "data"]),
        ("high", vec!["major", "function", "broken", "many"]),
        ("normal", vec!["standard", "minor"]),
        ("low", vec!["feature", "question"]),
    ];
    let urgencies = form["urgencies"].as_array().unwrap();
    assert_eq!(urgencies.len(), variable.len());
    for (urgency, (key, expected)) in urgencies.iter().zip(variable) {
        assert_eq!(urgency["key"], key);
        let definition = text(urgency, "definition").to_lowercase();
        assert!(expected.iter().all(|word| definition.contains(word)), "{key}: {definition}");
    }
    org.ticket_with(&org.rbt, json!({"urgency": "urgent"})).refused(422, "validation_failed");
}

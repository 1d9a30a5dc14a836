//! What continues a closed ticket: R4.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::Org;

fn follow(org: &Org, person: &crate::harness::Person, ticket: &Value, body: Value) -> crate::harness::Reply {
    person.client.post(&ticket_path(org, ticket, "/follow-up"), body)
}

#[test]
fn r04_the_requester_continues_a_closed_ticket_in_a_new_one() {
    let org = shared();
    let old = close(
        org,
        &org.ticket_with(&org.rbt, json!({"urgency": "high", "location_id": org.riverside})).expect(201),
    );
    let problem = reply(org, &org.rbt, &old, "Dark again.").refused(409, "ticket_closed");
    let url = text(&problem, "follow_up_url");
    let path = url.split_once("/api/v1").unwrap().1;
    let file = upload(org, &org.rbt, "again.txt", "again");
    let created = org.rbt.client.post(path, json!({"details": "Dark again.", "attachment_ids": [file]}));
    let place = created.header("location").unwrap();
    assert!(created.header("etag").is_some());
    let new = created.expect(201);
    assert_eq!(place, format!("/api/v1{}", ticket_path(org, &new, "")));
    for field in ["subject", "urgency", "location_id", "requester_id"] {
        assert_eq!(new[field], old[field], "{field}");
    }
    assert_eq!(
        (&new["status"], &new["priority"], &new["details"]),
        (&json!("open"), &json!("high"), &json!("Dark again."))
    );
    assert_eq!((&new["follow_up_of_id"], &new["created_by_id"]), (&old["id"], &json!(org.rbt.id)));
    assert_eq!(new["attachments"][0]["id"], json!(file));
    assert!(new["number"].as_i64() > old["number"].as_i64());
    assert!(
        new["assignee_id"].is_null() && new["category_id"].is_null() && new["resolution_summary"].is_null()
    );
    assert_eq!(read(org, &org.rbt, &new), new);
    assert_eq!(read(org, &org.rbt, &old), org.rbt.client.get(&ticket_path(org, &old, "")).expect(200));
    let told = json!({"subject": "Another", "details": "D", "urgency": "low", "location_id": org.downtown});
    let second = follow(org, &org.rbt, &old, told.clone()).expect(201);
    for field in ["subject", "details", "urgency", "location_id"] {
        assert_eq!(second[field], told[field]);
    }
}

#[test]
fn r04_only_a_closed_ticket_is_followed_up() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    for step in ["", "/start", "/resolve"] {
        match step {
            "" => {}
            "/resolve" => drop(resolve(&org, &org.manager, &ticket).expect(200)),
            _ => drop(org.manager.client.post_empty(&ticket_path(&org, &ticket, step)).expect(200)),
        }
        for person in [&org.rbt, &org.manager] {
            follow(&org, person, &ticket, json!({"details": "Again."})).refused(409, "conflict");
            assert!(
                !words(&read(&org, person, &ticket)["allowed_actions"]).contains(&"follow_up".to_owned())
            );
        }
    }
    assert_eq!(count(&org, &org.owner, ""), 1);
}

#[test]
fn r04_staff_follow_up_for_the_requester_and_strangers_do_not() {
    let org = Org::new();
    let old = close(&org, &org.ticket(&org.rbt));
    follow(&org, &org.rbt2, &old, json!({"details": "Mine now."})).refused(404, "not_found");
    let new = follow(&org, &org.manager, &old, json!({"details": "They rang."})).expect(201);
    assert_eq!((&new["requester_id"], &new["created_by_id"]), (&json!(org.rbt.id), &json!(org.manager.id)));
    assert_eq!(read(&org, &org.rbt, &new)["follow_up_of_id"], old["id"]);
    assert_eq!(count(&org, &org.rbt, ""), 2);
    assert_eq!(count(&org, &org.rbt2, ""), 0);
    assert_eq!(count(&org, &org.manager, &format!("&requester_id={}", org.manager.id)), 0);
}

#[test]
fn r04_a_follow_up_is_filed_like_any_request() {
    let org = Org::new();
    let old = close(&org, &org.ticket_with(&org.rbt, json!({"location_id": org.riverside})).expect(201));
    let problem = follow(&org, &org.rbt, &old, json!({})).refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/details"]));
    let wrong = json!({"details": " ", "subject": "", "urgency": "soon", "status": "closed", "attachment_ids": vec![nobody(); 6]});
    let problem = follow(&org, &org.rbt, &old, wrong).refused(422, "validation_failed");
    assert!(
        places(&problem).is_superset(&set_of(&[
            "#/details",
            "#/subject",
            "#/urgency",
            "#/status",
            "#/attachment_ids"
        ])),
        "{problem}"
    );
    follow(&org, &org.rbt, &old, json!({"details": "D", "location_id": nobody()}))
        .refused(422, "reference_not_found");
    follow(&org, &org.rbt, &old, json!({"details": "D", "attachment_ids": [nobody()]}))
        .refused(422, "reference_not_found");
    change_member(&org, &org.rbt, json!({"location_ids": [org.downtown]}));
    follow(&org, &org.rbt, &old, json!({"details": "D"})).refused(422, "reference_not_found");
    follow(&org, &org.rbt, &old, json!({"details": "D", "location_id": org.downtown})).expect(201);
    change_member(&org, &org.rbt, json!({"location_ids": []}));
    follow(&org, &org.rbt, &old, json!({"details": "D"})).refused(422, "no_location_available");
    assert_eq!(count(&org, &org.owner, ""), 2);
    assert_eq!(org.ticket(&org.rbt2)["number"], 3, "refusals take no number");
}

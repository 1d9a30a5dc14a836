//! Staff whose reach is limited to some locations see nothing of the others (S004-19).

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, unique};

/// An organization, and a manager of Riverside only.
fn limited() -> (Org, Person) {
    let org = Org::new();
    let person = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    (org, person)
}

fn filed(org: &Org, by: &Person, location: &str) -> Value {
    org.ticket_with(by, json!({"location_id": location})).expect(201)
}

fn of(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

/// What a reader sees of a person's requests.
fn told(org: &Org, reader: &Person, about: &Person) -> Value {
    let get = |rest: &str| reader.client.get(&of(org, about, rest)).expect(200);
    let profile = get("/profile?purpose=Audit&sections=content");
    let diagnosis = get("/data-diagnosis");
    json!({
        "content": profile["content"],
        "stages": profile["stages"],
        "counts": get("/support-history?purpose=Audit")["requests"],
        "own": diagnosis["organizations"][0]["own_tickets"],
        "all": diagnosis["organizations"][0]["tickets"]["total"],
    })
}

fn stage(told: &Value, name: &str) -> Value {
    let stages = told["stages"].as_array().unwrap();
    stages.iter().find(|stage| stage["stage"] == name).map_or(Value::Null, |s| s["reached_at"].clone())
}

#[test]
fn s004_19_staff_of_some_locations_neither_change_others_nor_create_any() {
    let (org, person) = limited();
    let manage: Vec<String> =
        words(&org.owner.client.get(&org.path("/roles/manager")).expect(200)["permissions"]);
    let more: Vec<&str> = manage.iter().map(String::as_str).chain(["manage_locations"]).collect();
    grant(&org, "manager", &more);
    let rename = |by: &Person, location: &str| {
        let name = json!({"name": unique("Place")});
        by.client.patch(&org.path(&format!("/locations/{location}")), name)
    };
    rename(&person, &org.riverside).expect(200);
    rename(&person, &org.downtown).refused(403, "forbidden");
    let make = |by: &Person| by.client.post(&org.path("/locations"), json!({"name": unique("Place")}));
    make(&person).refused(403, "forbidden");
    let narrow = json!({"ticket_scope": "locations"});
    org.owner.client.patch(&of(&org, &org.owner, ""), narrow).refused(409, "last_owner");
    rename(&org.manager, &org.downtown).expect(200);
    make(&org.manager).expect(201);
}

#[test]
fn s004_19_information_about_a_person_is_limited_to_the_reach() {
    let (org, person) = limited();
    let far = [filed(&org, &org.rbt, &org.downtown), filed(&org, &org.rbt, &org.downtown)];
    resolve(&org, &org.manager, &far[0]).expect(200);
    let near = [filed(&org, &org.rbt, &org.riverside), filed(&org, &org.rbt, &org.riverside)];
    let solved = resolve(&org, &org.manager, &near[1]).expect(200);
    filed(&org, &org.rbt2, &org.downtown);
    let counts =
        |open: i64, resolved: i64| json!({"open": open, "in_progress": 0, "resolved": resolved, "closed": 0});
    let seen = told(&org, &person, &org.rbt);
    assert_eq!((&seen["counts"], &seen["own"], &seen["all"]), (&counts(1, 1), &json!(2), &json!(2)));
    let content = &seen["content"];
    assert_eq!((&content["requests"], &content["first_request_at"]), (&json!(2), &near[0]["created_at"]));
    assert_eq!(content["first_solved_at"], solved["resolved_at"]);
    let latest = column(&json!({"data": content["latest"]}), "ticket_id");
    assert_eq!(latest, [text(&near[1], "id"), text(&near[0], "id")]);
    assert_eq!(stage(&seen, "participating"), near[0]["created_at"]);
    assert_eq!(stage(&seen, "supported"), solved["resolved_at"]);
    let all = told(&org, &org.manager, &org.rbt);
    assert_eq!((&all["counts"], &all["own"], &all["all"]), (&counts(2, 2), &json!(4), &json!(5)));
    assert_eq!(all["content"]["first_request_at"], far[0]["created_at"]);
    assert_eq!(all["content"]["latest"].as_array().map(Vec::len), Some(4));
}

#[test]
fn s004_19_messages_elsewhere_are_not_visible() {
    let (org, person) = limited();
    let nothing = told(&org, &person, &org.rbt2);
    let ticket = filed(&org, &org.rbt2, &org.downtown);
    resolve(&org, &org.manager, &ticket).expect(200);
    assert_eq!(told(&org, &person, &org.rbt2), nothing);
    let content = &nothing["content"];
    assert_eq!((&content["requests"], &content["first_request_at"]), (&json!(0), &Value::Null));
    patch(&org, &org.manager, &ticket, json!({"location_id": org.riverside})).expect(200);
    assert_eq!(told(&org, &person, &org.rbt2)["content"]["requests"], 1, "what moves here counts here");
    change_member(&org, &person, json!({"location_ids": []}));
    assert_eq!(told(&org, &person, &org.rbt2), nothing, "it counts at the next request");
    change_member(&org, &person, json!({"ticket_scope": "organization"}));
    assert_eq!(told(&org, &person, &org.rbt2)["content"]["requests"], 1);
}

#[test]
fn s004_19_no_part_leads_to_a_ticket_elsewhere() {
    let (org, person) = limited();
    let (near, far) = (filed(&org, &org.rbt, &org.riverside), filed(&org, &org.rbt, &org.downtown));
    let file = upload(&org, &org.manager, "far.txt", "far");
    let body = json!({"body": "See.", "visibility": "internal", "attachment_ids": [file]});
    let posted = org.manager.client.post(&ticket_path(&org, &far, "/messages"), body).expect(201);
    let (known, unknown) = (text(&posted, "id"), nobody());
    for (path, nowhere) in [
        (
            ticket_path(&org, &far, &format!("/messages/{known}")),
            ticket_path(&org, &far, &format!("/messages/{unknown}")),
        ),
        (
            ticket_path(&org, &near, &format!("/messages/{known}")),
            ticket_path(&org, &near, &format!("/messages/{unknown}")),
        ),
        (ticket_path(&org, &far, "/messages"), org.path(&format!("/tickets/{unknown}/messages"))),
        (ticket_path(&org, &far, "/events"), org.path(&format!("/tickets/{unknown}/events"))),
        (org.path(&format!("/attachments/{file}")), org.path(&format!("/attachments/{unknown}"))),
        (
            org.path(&format!("/attachments/{file}/content")),
            org.path(&format!("/attachments/{unknown}/content")),
        ),
    ] {
        let reply = person.client.get(&path);
        assert_eq!(as_seen(&reply), as_seen(&person.client.get(&nowhere)), "{path}");
        reply.refused(404, "not_found");
    }
    let marker = json!({"last_read_message_id": known});
    person.client.put(&ticket_path(&org, &near, "/read-marker"), marker).refused(422, "reference_not_found");
    let body = json!({"body": "Mine.", "visibility": "public", "attachment_ids": [file]});
    person.client.post(&ticket_path(&org, &near, "/messages"), body).refused(422, "reference_not_found");
    let told = person.client.get(&ticket_path(&org, &near, "/events")).expect(200).to_string();
    assert!(!told.contains(&text(&far, "id")) && !told.contains(&known), "{told}");
    let summary = person.client.get(&org.path("/me/ticket-summary")).expect(200);
    assert_eq!((&summary["open_count"], &summary["unread_reply_count"]), (&json!(0), &json!(0)));
}

#[test]
fn s004_19_a_follow_up_elsewhere_is_not_led_to() {
    let (org, person) = limited();
    let near = filed(&org, &org.rbt, &org.riverside);
    close(&org, &near);
    let again = json!({"details": "It is back.", "location_id": org.downtown});
    let far = org.rbt.client.post(&ticket_path(&org, &near, "/follow-up"), again).expect(201);
    assert_eq!((&far["follow_up_of_id"], &far["location_id"]), (&near["id"], &json!(org.downtown)));
    person.client.get(&ticket_path(&org, &far, "")).refused(404, "not_found");
    let told = [
        read(&org, &person, &near),
        json!(events(&org, &person, &near, "")),
        person.client.get(&org.path("/tickets?include_total=true")).expect(200),
    ];
    assert!(!json!(told).to_string().contains(&text(&far, "id")), "{told:?}");
    assert_eq!(told[2]["total"]["count"], 1);
}

#[test]
fn s004_19_nobody_widens_their_reach_or_grants_a_wider_one() {
    let (org, person) = limited();
    filed(&org, &org.rbt, &org.downtown);
    let before = org.owner.client.get(&of(&org, &person, "")).expect(200);
    for change in [
        json!({"ticket_scope": "organization"}),
        json!({"location_ids": [org.riverside, org.downtown]}),
        json!({"location_ids": [org.downtown], "ticket_scope": "locations"}),
    ] {
        person.client.patch(&of(&org, &person, ""), change).refused(403, "forbidden");
    }
    assert_eq!(org.owner.client.get(&of(&org, &person, "")).expect(200), before);
    assert_eq!(count(&org, &person, ""), 0);
    for (locations, scope) in [([&org.riverside], "organization"), ([&org.downtown], "locations")] {
        let body = json!({"email": "friend@else.example", "name": "Fay Friend", "roles": ["manager"], "location_ids": locations, "ticket_scope": scope});
        person.client.post(&org.path("/members"), body).refused(403, "forbidden");
    }
}

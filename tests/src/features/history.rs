//! History and unread counts: S004-15, S004-22.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, Reply};

fn summary(org: &Org, person: &Person) -> (i64, i64) {
    let counts = person.client.get(&org.path("/me/ticket-summary")).expect(200);
    (counts["open_count"].as_i64().unwrap(), counts["unread_reply_count"].as_i64().unwrap())
}

fn mark(org: &Org, person: &Person, ticket: &Value, last: Option<&str>) -> Reply {
    let body = last.map_or(json!({}), |id| json!({"last_read_message_id": id}));
    person.client.put(&ticket_path(org, ticket, "/read-marker"), body)
}

#[test]
fn s004_15_the_detail_contains_number_label_files_and_actions() {
    let org = shared();
    let file = upload(org, &org.rbt, "a.txt", "a");
    let ticket = org.ticket_with(&org.rbt, json!({"attachment_ids": [file]})).expect(201);
    assert_eq!(ticket, read(org, &org.rbt, &ticket));
    assert!(ticket["number"].as_i64().unwrap() >= 1);
    assert_eq!(ticket["attachments"][0]["id"], json!(file));
    for (status, label) in
        [("open", "Open"), ("in_progress", "In progress"), ("resolved", "Resolved"), ("closed", "Closed")]
    {
        match status {
            "in_progress" => {
                drop(org.manager.client.post_empty(&ticket_path(org, &ticket, "/start")).expect(200))
            }
            "resolved" => drop(resolve(org, &org.manager, &ticket).expect(200)),
            "closed" => drop(org.manager.client.post_empty(&ticket_path(org, &ticket, "/close")).expect(200)),
            _ => {}
        }
        let now = read(org, &org.rbt, &ticket);
        assert_eq!((&now["status"], &now["status_label"]), (&json!(status), &json!(label)));
    }
}

#[test]
fn s004_15_allowed_actions_are_the_callers() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let actions = |person: &Person| words(&read(org, person, &ticket)["allowed_actions"]);
    assert_eq!(actions(&org.rbt), ["reply", "edit"]);
    assert_eq!(
        actions(&org.manager),
        ["reply", "add_note", "triage", "assign", "start", "resolve", "force_close"]
    );
    org.manager.client.post_empty(&ticket_path(org, &ticket, "/start")).expect(200);
    assert_eq!(actions(&org.manager), ["reply", "add_note", "triage", "assign", "resolve", "force_close"]);
    resolve(org, &org.manager, &ticket).expect(200);
    assert_eq!(actions(&org.manager), ["reply", "add_note", "triage", "assign", "reopen", "close"]);
    assert_eq!(actions(&org.rbt), ["reply", "edit"]);
    org.manager.client.post_empty(&ticket_path(org, &ticket, "/close")).expect(200);
    assert_eq!(
        (actions(&org.manager), actions(&org.rbt)),
        (vec!["follow_up".to_owned()], vec!["follow_up".to_owned()])
    );
}

#[test]
fn s004_15_history_records_each_change_once_and_in_order() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    patch(org, &org.rbt, &ticket, json!({"subject": "Anew"})).expect(200);
    let said = text(&reply(org, &org.manager, &ticket, "We look.").expect(201), "id");
    let noted = text(&note(org, &org.manager, &ticket, "Between us.").expect(201), "id");
    patch(org, &org.manager, &ticket, json!({"assignee_id": org.manager.id})).expect(200);
    patch(org, &org.manager, &ticket, json!({"priority": "critical"})).expect(200);
    resolve(org, &org.manager, &ticket).expect(200);
    let kinds = |person: &Person| -> Vec<String> {
        events(org, person, &ticket, "").iter().map(|e| text(e, "type")).collect()
    };
    let all = [
        "ticket_created",
        "ticket_edited",
        "message_posted",
        "ticket_status_changed",
        "note_added",
        "ticket_assigned",
        "ticket_triaged",
        "message_posted",
        "ticket_status_changed",
    ];
    assert_eq!(kinds(&org.manager), all);
    assert_eq!(kinds(&org.rbt), all.iter().filter(|k| **k != "note_added").copied().collect::<Vec<_>>());
    let told = events(org, &org.manager, &ticket, "");
    assert!(told.windows(2).all(|two| text(&two[0], "occurred_at") <= text(&two[1], "occurred_at")));
    let pointed = |e: &Value| text(&e["changes"][0], "to");
    assert_eq!((pointed(&told[2]), pointed(&told[4])), (said, noted));
    assert_eq!((&told[4]["visibility"], &told[2]["visibility"]), (&json!("internal"), &json!("public")));
    assert_eq!((&told[0]["actor_id"], &told[3]["actor_id"]), (&json!(org.rbt.id), &json!(org.manager.id)));
    assert!(events(org, &org.rbt, &ticket, "").iter().all(|e| e["visibility"] == "public"));
    let path = ticket_path(org, &ticket, "/events");
    for limit in [1, 2, 4] {
        assert_eq!(walk(&org.manager.client, &format!("{path}?limit={limit}")), told, "limit {limit}");
    }
}

#[test]
fn s004_22_own_open_requests_are_counted() {
    let org = Org::new();
    let tickets: Vec<Value> = (0..3).map(|_| org.ticket(&org.rbt)).collect();
    org.ticket(&org.rbt2);
    assert_eq!(
        (summary(&org, &org.rbt).0, summary(&org, &org.manager).0),
        (3, 0),
        "staff count their own requests only"
    );
    org.manager.client.post_empty(&ticket_path(&org, &tickets[0], "/start")).expect(200);
    assert_eq!(summary(&org, &org.rbt).0, 3, "in progress is not done");
    resolve(&org, &org.manager, &tickets[1]).expect(200);
    close(&org, &tickets[2]);
    assert_eq!(summary(&org, &org.rbt).0, 1);
    reply(&org, &org.rbt, &tickets[1], "Dark again.").expect(201);
    assert_eq!(summary(&org, &org.rbt).0, 2);
}

#[test]
fn s004_22_unread_staff_replies_are_counted_until_read() {
    let org = Org::new();
    let (one, two) = (org.ticket(&org.rbt), org.ticket(&org.rbt));
    reply(&org, &org.manager, &one, "First.").expect(201);
    reply(&org, &org.rbt, &one, "My own.").expect(201);
    note(&org, &org.manager, &one, "Between us.").expect(201);
    reply(&org, &org.owner, &two, "Second.").expect(201);
    resolve(&org, &org.manager, &two).expect(200);
    assert_eq!(summary(&org, &org.rbt).1, 3, "the outcome is a reply, a note is none");
    assert_eq!((summary(&org, &org.manager).1, summary(&org, &org.rbt2).1), (0, 0));
    mark(&org, &org.rbt, &one, None).expect(204);
    assert_eq!(summary(&org, &org.rbt).1, 2);
    mark(&org, &org.manager, &two, None).expect(204);
    assert_eq!(summary(&org, &org.rbt).1, 2, "what staff read is not read by the requester");
    let bare = org.rbt.client.send("PUT", &ticket_path(&org, &two, "/read-marker"), &[], None);
    bare.expect(204);
    assert_eq!(summary(&org, &org.rbt).1, 0);
    reply(&org, &org.manager, &two, "Third.").expect(201);
    assert_eq!(summary(&org, &org.rbt).1, 1);
}

#[test]
fn s004_22_a_read_marker_reaches_to_the_named_message_and_never_moves_back() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    let said: Vec<String> = (0..4)
        .map(|n| text(&reply(&org, &org.manager, &ticket, &format!("{n}")).expect(201), "id"))
        .collect();
    let noted = text(&note(&org, &org.manager, &ticket, "Between us.").expect(201), "id");
    let unread = || summary(&org, &org.rbt).1;
    assert_eq!(unread(), 4);
    mark(&org, &org.rbt, &ticket, Some(&said[1])).expect(204);
    assert_eq!(unread(), 2);
    mark(&org, &org.rbt, &ticket, Some(&said[1])).expect(204);
    assert_eq!(unread(), 2);
    mark(&org, &org.rbt, &ticket, Some(&said[2])).expect(204);
    mark(&org, &org.rbt, &ticket, Some(&said[0])).expect(204);
    assert_eq!(unread(), 1, "it never moves back");
    let elsewhere = org.ticket(&org.rbt);
    let other = text(&reply(&org, &org.manager, &elsewhere, "There.").expect(201), "id");
    for wrong in [&other, &noted, &nobody()] {
        let problem = mark(&org, &org.rbt, &ticket, Some(wrong)).refused(422, "reference_not_found");
        assert_eq!(places(&problem), set_of(&["#/last_read_message_id"]));
    }
    let problem = org
        .rbt
        .client
        .put(&ticket_path(&org, &ticket, "/read-marker"), json!({"last_read_message_id": "x", "all": true}));
    assert_eq!(
        places(&problem.refused(422, "validation_failed")),
        set_of(&["#/last_read_message_id", "#/all"])
    );
    assert_eq!(unread(), 2);
    let tag = etag_of(&org, &org.rbt, &ticket);
    mark(&org, &org.rbt, &ticket, Some(&said[3])).expect(204);
    assert_eq!(unread(), 1);
    assert_eq!(etag_of(&org, &org.rbt, &ticket), tag, "reading changes no ticket");
}

//! Replies and edits: S004-11 to S004-13, S004-16, R5, S003-29.

use std::thread::scope;

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person};

fn status(org: &Org, ticket: &Value) -> String {
    text(&read(org, &org.manager, ticket), "status")
}

#[test]
fn s004_11_staff_reply_moves_open_to_in_progress() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let posted = reply(org, &org.manager, &ticket, "We are looking into it.").expect(201);
    assert_eq!((&posted["visibility"], &posted["author_id"]), (&json!("public"), &json!(org.manager.id)));
    assert_eq!(status(org, &ticket), "in_progress");
    assert_eq!(steps(org, &org.rbt, &ticket), ["open>in_progress"]);
    reply(org, &org.owner, &ticket, "Still looking.").expect(201);
    assert_eq!(steps(org, &org.rbt, &ticket), ["open>in_progress"], "not from in_progress");
}

#[test]
fn s004_11_neither_note_nor_requester_moves_it() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    note(org, &org.manager, &ticket, "Between us.").expect(201);
    reply(org, &org.rbt, &ticket, "More about it.").expect(201);
    assert_eq!(status(org, &ticket), "open");
    assert_eq!(steps(org, &org.rbt, &ticket), [""; 0]);
}

#[test]
fn s004_11_staff_reply_on_a_resolved_ticket_leaves_it_resolved() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    resolve(org, &org.manager, &ticket).expect(200);
    reply(org, &org.manager, &ticket, "One more thing.").expect(201);
    assert_eq!(status(org, &ticket), "resolved");
    assert_eq!(steps(org, &org.rbt, &ticket), ["open>resolved"]);
}

#[test]
fn s004_11_a_refused_reply_moves_nothing() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let path = ticket_path(org, &ticket, "/messages");
    let before = read(org, &org.manager, &ticket);
    let blank = json!({"body": " \n", "visibility": "public"});
    assert_eq!(
        places(&org.manager.client.post(&path, blank).refused(422, "validation_failed")),
        set_of(&["#/body"])
    );
    let missing = org.manager.client.post(&path, json!({})).refused(422, "validation_failed");
    assert_eq!(places(&missing), set_of(&["#/body", "#/visibility"]));
    let file = json!({"body": "With a file.", "visibility": "public", "attachment_ids": [nobody()]});
    org.manager.client.post(&path, file).refused(422, "reference_not_found");
    assert_eq!(read(org, &org.manager, &ticket), before);
    assert_eq!(thread(org, &org.manager, &ticket).len(), 0);
    assert_eq!(events(org, &org.manager, &ticket, "").len(), 1);
}

#[test]
fn s004_11_two_parallel_replies_give_one_transition() {
    let org = shared();
    for _ in 0..5 {
        let ticket = org.ticket(&org.rbt);
        scope(|threads| {
            for person in [&org.manager, &org.owner] {
                let ticket = &ticket;
                threads.spawn(move || reply(org, person, ticket, "We are looking into it.").expect(201));
            }
        });
        assert_eq!(thread(org, &org.rbt, &ticket).len(), 2);
        assert_eq!(steps(org, &org.rbt, &ticket), ["open>in_progress"]);
    }
}

#[test]
fn s004_12_the_requester_edits_and_history_records_both_texts() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let change = json!({"subject": "The tablet starts again", "details": "It was the battery."});
    let edited = patch(org, &org.rbt, &ticket, change.clone()).expect(200);
    assert_eq!((&edited["subject"], &edited["details"]), (&change["subject"], &change["details"]));
    assert_eq!(read(org, &org.manager, &ticket)["details"], change["details"]);
    let told = events(org, &org.rbt, &ticket, "ticket_edited");
    assert_eq!(told.len(), 1);
    for field in ["subject", "details"] {
        let expected = json!({"field": field, "from": ticket[field], "to": change[field]});
        assert!(told[0]["changes"].as_array().unwrap().contains(&expected), "{told:?}");
    }
    assert_eq!(told[0]["actor_id"], json!(org.rbt.id));
    patch(org, &org.rbt, &ticket, json!({"subject": change["subject"]})).expect(200);
    assert_eq!(events(org, &org.rbt, &ticket, "ticket_edited").len(), 1, "what stays the same is no event");
}

#[test]
fn s004_12_only_the_requester_edits() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    for staff in [&org.manager, &org.owner] {
        patch(org, staff, &ticket, json!({"subject": "Mine"})).refused(403, "forbidden");
        patch(org, staff, &ticket, json!({"details": "Mine", "priority": "low"})).refused(403, "forbidden");
    }
    assert_eq!(read(org, &org.rbt, &ticket), ticket);
}

#[test]
fn s004_12_the_requester_edits_no_other_fields() {
    let org = shared();
    let category = text(&walk(&org.owner.client, &org.path("/categories"))[0], "id");
    let ticket = org.ticket(&org.rbt);
    for change in [
        json!({"priority": "critical"}),
        json!({"category_id": category}),
        json!({"assignee_id": org.manager.id}),
        json!({"assignee_id": null}),
        json!({"location_id": org.riverside}),
        json!({"waiting_on": "third_party"}),
        json!({"subject": "Slipped in", "priority": "critical"}),
        json!({"details": "Slipped in", "assignee_id": org.manager.id}),
    ] {
        patch(org, &org.rbt, &ticket, change).refused(403, "forbidden");
    }
    for field in [
        "status",
        "number",
        "requester_id",
        "created_by_id",
        "resolution_summary",
        "created_at",
        "id",
        "attachments",
    ] {
        let problem = patch(org, &org.rbt, &ticket, json!({"subject": "Slipped in", field: "closed"}))
            .refused(422, "validation_failed");
        assert_eq!(faults(&problem), [(format!("#/{field}"), "unknown_field".to_owned())].into());
    }
    let problem = patch(org, &org.rbt, &ticket, json!({"subject": " ", "details": null}))
        .refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/subject", "#/details"]));
    assert_eq!(read(org, &org.rbt, &ticket), ticket);
    assert_eq!(events(org, &org.manager, &ticket, "").len(), 1);
}

#[test]
fn s004_12_a_closed_ticket_is_not_edited() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    resolve(org, &org.manager, &ticket).expect(200);
    patch(org, &org.rbt, &ticket, json!({"subject": "While resolved"})).expect(200);
    org.manager.client.post_empty(&ticket_path(org, &ticket, "/close")).expect(200);
    let problem = patch(org, &org.rbt, &ticket, json!({"subject": "Too late"})).refused(409, "ticket_closed");
    assert!(text(&problem, "follow_up_url").ends_with(&ticket_path(org, &ticket, "/follow-up")));
    assert_eq!(read(org, &org.rbt, &ticket)["subject"], "While resolved");
}

#[test]
fn s004_13_the_requester_replies_until_it_is_closed() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    reply(org, &org.rbt, &ticket, "1").expect(201);
    org.manager.client.post_empty(&ticket_path(org, &ticket, "/start")).expect(200);
    reply(org, &org.rbt, &ticket, "2").expect(201);
    resolve(org, &org.manager, &ticket).expect(200);
    reply(org, &org.rbt, &ticket, "3").expect(201);
    close(org, &ticket);
    let before = (
        read(org, &org.rbt, &ticket),
        thread(org, &org.manager, &ticket),
        events(org, &org.manager, &ticket, ""),
    );
    for person in [&org.rbt, &org.manager] {
        let problem = reply(org, person, &ticket, "4").refused(409, "ticket_closed");
        assert!(text(&problem, "follow_up_url").ends_with(&ticket_path(org, &ticket, "/follow-up")));
    }
    note(org, &org.manager, &ticket, "4").refused(409, "ticket_closed");
    assert_eq!(
        (
            read(org, &org.rbt, &ticket),
            thread(org, &org.manager, &ticket),
            events(org, &org.manager, &ticket, "")
        ),
        before
    );
}

#[test]
fn s004_13_one_thread_oldest_first_and_paged() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let said: Vec<String> = (1..=7).map(|n| format!("Message {n}")).collect();
    for (n, body) in said.iter().enumerate() {
        reply(org, if n % 2 == 0 { &org.rbt } else { &org.manager }, &ticket, body).expect(201);
    }
    let path = ticket_path(org, &ticket, "/messages");
    for limit in [1, 2, 3, 7, 100] {
        let read: Vec<String> =
            walk(&org.rbt.client, &format!("{path}?limit={limit}")).iter().map(|m| text(m, "body")).collect();
        assert_eq!(read, said, "limit {limit}");
    }
    let page = org.rbt.client.get(&format!("{path}?limit=3")).expect(200);
    assert_eq!(column(&page, "body"), said[..3]);
    let cursor = text(&page, "next_cursor");
    let elsewhere = org.ticket(&org.rbt);
    org.rbt
        .client
        .get(&ticket_path(org, &elsewhere, &format!("/messages?cursor={cursor}")))
        .refused(400, "invalid_cursor");
    assert_eq!(
        text(&read(org, &org.rbt, &ticket), "details"),
        text(&ticket, "details"),
        "the details are no message"
    );
}

/// A resolved ticket of `rbt` that `assignee` worked on.
fn resolved_by(org: &Org, assignee: &Person, location: &str) -> Value {
    let ticket = org.ticket_with(&org.rbt, json!({"location_id": location})).expect(201);
    let resolved = resolve(org, assignee, &ticket).expect(200);
    assert_eq!(resolved["assignee_id"], json!(assignee.id));
    ticket
}

#[test]
fn s004_16_r05_a_reply_on_a_resolved_ticket_brings_it_back_to_its_assignee() {
    let org = shared();
    let ticket = resolved_by(org, &org.manager, &org.downtown);
    let posted = reply(org, &org.rbt, &ticket, "It is dark again.").expect(201);
    let now = read(org, &org.rbt, &ticket);
    assert_eq!(
        (&now["status"], &now["assignee_id"], &now["resolved_at"]),
        (&json!("in_progress"), &json!(org.manager.id), &Value::Null)
    );
    assert_eq!(steps(org, &org.rbt, &ticket), ["open>resolved", "resolved>in_progress"]);
    assert_eq!(thread(org, &org.rbt, &ticket).last().unwrap()["id"], posted["id"]);
    assert!(now["allowed_actions"].as_array().unwrap().contains(&json!("reply")));
}

#[test]
fn r05_without_an_available_assignee_it_goes_back_to_the_pool() {
    let org = Org::new();
    type Leave<'a> = Box<dyn Fn(&Person) + 'a>;
    let ways: [(&str, Leave); 4] = [
        ("suspended", Box::new(|p| org.suspend(p))),
        ("demoted", Box::new(|p| drop(change_member(&org, p, json!({"roles": ["rbt"]}))))),
        (
            "elsewhere",
            Box::new(|p| {
                drop(change_member(
                    &org,
                    p,
                    json!({"ticket_scope": "locations", "location_ids": [org.riverside]}),
                ))
            }),
        ),
        (
            "removed",
            Box::new(|p| drop(org.owner.client.delete(&org.path(&format!("/members/{}", p.id))).expect(204))),
        ),
    ];
    for (how, leave) in ways {
        let assignee = org.add_member(&["manager"], &[&org.downtown], None);
        let ticket = resolved_by(&org, &assignee, &org.downtown);
        leave(&assignee);
        reply(&org, &org.rbt, &ticket, "It is dark again.").expect(201);
        let now = read(&org, &org.rbt, &ticket);
        assert_eq!((&now["status"], &now["assignee_id"]), (&json!("in_progress"), &Value::Null), "{how}");
        let given = events(&org, &org.rbt, &ticket, "ticket_assigned");
        let last = &given.last().unwrap()["changes"][0];
        assert_eq!(last, &json!({"field": "assignee_id", "from": assignee.id, "to": null}), "{how}");
    }
}

#[test]
fn r04_a_reply_of_the_requester_ends_only_waiting_on_the_requester() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    for (waiting, after) in [("requester", Value::Null), ("third_party", json!("third_party"))] {
        let waits = patch(org, &org.manager, &ticket, json!({"waiting_on": waiting})).expect(200);
        assert_eq!(
            (&waits["waiting_on"], &waits["status"]),
            (&json!(waiting), &json!("open")),
            "waiting is no status"
        );
        reply(org, &org.rbt, &ticket, "Here you are.").expect(201);
        assert_eq!(read(org, &org.rbt, &ticket)["waiting_on"], after);
    }
}

#[test]
fn s003_29_every_change_sets_updated_at() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    assert_eq!(ticket["updated_at"], ticket["created_at"]);
    let mut last = text(&ticket, "updated_at");
    let changes: [(&str, &dyn Fn()); 7] = [
        ("edit", &|| drop(patch(org, &org.rbt, &ticket, json!({"subject": "Anew"})).expect(200))),
        ("triage", &|| drop(patch(org, &org.manager, &ticket, json!({"priority": "critical"})).expect(200))),
        ("assign", &|| {
            drop(patch(org, &org.manager, &ticket, json!({"assignee_id": org.owner.id})).expect(200))
        }),
        ("reply", &|| drop(reply(org, &org.manager, &ticket, "We look.").expect(201))),
        ("resolve", &|| drop(resolve(org, &org.manager, &ticket).expect(200))),
        ("reopen", &|| {
            drop(org.manager.client.post_empty(&ticket_path(org, &ticket, "/reopen")).expect(200))
        }),
        ("close", &|| drop(close(org, &ticket))),
    ];
    for (what, change) in changes {
        change();
        let now = text(&read(org, &org.rbt, &ticket), "updated_at");
        assert!(now > last, "{what}: {now} after {last}");
        last = now;
    }
    let place =
        org.owner.client.post(&org.path("/locations"), json!({"name": rare_word("place")})).expect(201);
    let path = org.path(&format!("/locations/{}", text(&place, "id")));
    let changed = org.owner.client.patch(&path, json!({"address": "1 Road"})).expect(200);
    assert!(text(&changed, "updated_at") > text(&place, "updated_at"));
    let member = org.add_member(&["rbt"], &[], None);
    let before = org.owner.client.get(&org.path(&format!("/members/{}", member.id))).expect(200);
    let changed = change_member(org, &member, json!({"roles": ["bcba"]}));
    assert!(text(&changed, "updated_at") > text(&before, "updated_at"));
}

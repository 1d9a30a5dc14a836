//! Replies and commands on one ticket at once.

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::faults::snapshot::rows;
use crate::harness::{Org, Person};

fn ticket(org: &Org) -> String {
    let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "normal" })).expect(201);
    org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()))
}

/// The status changes of a ticket, oldest first: from and to.
fn history(org: &Org, ticket: &str) -> Vec<(String, String)> {
    let events = rows(&org.owner.client, &format!("{ticket}/events"));
    let mut path = Vec::new();
    for event in events.as_array().unwrap() {
        for change in event["changes"].as_array().unwrap().iter().filter(|change| change["field"] == "status")
        {
            assert_eq!(event["type"], "ticket_status_changed", "{event}");
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            path.push((word(&change["from"]), word(&change["to"])));
        }
    }
    path
}

fn staff(org: &Org) -> [&Person; 2] {
    [&org.owner, &org.manager]
}

#[test]
fn s004_11_twenty_first_replies_at_once_move_the_ticket_once() {
    for _ in 0..3 {
        let org = Org::new();
        let path = ticket(&org);
        let replies = together(20, |number| {
            let body = json!({ "body": format!("Reply {number}"), "visibility": "public" });
            staff(&org)[number % 2].client.post(&format!("{path}/messages"), body)
        });
        only(&replies, &[(201, "")]);
        assert_eq!(history(&org, &path), [("open".to_owned(), "in_progress".to_owned())]);
        let messages = rows(&org.rbt.client, &format!("{path}/messages"));
        assert_eq!(messages.as_array().unwrap().len(), 20);
        let of = |kind: &str| {
            let events = rows(&org.owner.client, &format!("{path}/events"));
            events.as_array().unwrap().iter().filter(|event| event["type"] == kind).count()
        };
        assert_eq!((of("ticket_status_changed"), of("message_posted")), (1, 20));
        let counts = org.rbt.client.get(&org.path("/me/ticket-summary")).expect(200);
        assert_eq!(counts["unread_reply_count"], 20, "{counts}");
    }
}

#[test]
fn commands_at_once_leave_a_history_that_is_a_legal_path() {
    let legal = [
        ("open", "in_progress"),
        ("open", "resolved"),
        ("open", "closed"),
        ("in_progress", "resolved"),
        ("in_progress", "closed"),
        ("resolved", "in_progress"),
        ("resolved", "closed"),
    ];
    for _ in 0..4 {
        let org = Org::new();
        let path = ticket(&org);
        let replies = together(18, |number| {
            let client = &staff(&org)[number % 2].client;
            match number % 6 {
                0 => client.post_empty(&format!("{path}/start")),
                1 | 4 => client.post(
                    &format!("{path}/resolve"),
                    json!({ "message": "Done", "resolution_summary": "Done" }),
                ),
                2 => client.post_empty(&format!("{path}/reopen")),
                3 => org
                    .rbt
                    .client
                    .post(&format!("{path}/messages"), json!({ "body": "Not yet", "visibility": "public" })),
                _ if number > 12 => client.post(&format!("{path}/close"), json!({ "force": true })),
                _ => client
                    .post(&format!("{path}/messages"), json!({ "body": "On it", "visibility": "public" })),
            }
        });
        only(&replies, &[(200, ""), (201, ""), (409, "invalid_transition"), (409, "ticket_closed")]);
        let path_taken = history(&org, &path);
        let (mut now, mut was_resolved) = ("open".to_owned(), false);
        for (from, to) in &path_taken {
            assert_eq!(from, &now, "{path_taken:?}");
            assert!(legal.contains(&(from.as_str(), to.as_str())), "{path_taken:?}");
            was_resolved = to == "resolved" || (was_resolved && to == "closed");
            now.clone_from(to);
        }
        let read = org.owner.client.get(&path).expect(200);
        assert_eq!(read["status"], now.as_str(), "{path_taken:?}");
        assert_eq!(read["closed_at"].is_null(), now != "closed", "{path_taken:?} {read}");
        assert_eq!(read["resolved_at"].is_null(), !was_resolved, "{path_taken:?} {read}");
    }
}

#[test]
fn of_two_equal_commands_one_is_effective() {
    let org = Org::new();
    for (command, body) in [
        ("start", Value::Null),
        ("resolve", json!({ "message": "Done", "resolution_summary": "Done" })),
        ("reopen", Value::Null),
        ("close", json!({ "force": true })),
    ] {
        let path = ticket(&org);
        if command == "reopen" {
            let body = json!({ "message": "Done", "resolution_summary": "Done" });
            org.owner.client.post(&format!("{path}/resolve"), body).expect(200);
        }
        let place = format!("{path}/{command}");
        let replies = together(10, |number| {
            let client = &staff(&org)[number % 2].client;
            if body.is_null() { client.post_empty(&place) } else { client.post(&place, body.clone()) }
        });
        only(&replies, &[(200, ""), (409, "invalid_transition")]);
        assert_eq!(with_status(&replies, 200).len(), 1, "{command}");
        for refused in with_status(&replies, 409) {
            assert!(refused.body["allowed_statuses"].is_array(), "{refused}");
        }
        if command == "resolve" {
            assert_eq!(rows(&org.rbt.client, &format!("{path}/messages")).as_array().unwrap().len(), 1);
        }
    }
}

#[test]
fn a_reply_and_the_close_at_once_leave_no_message_on_a_ticket_that_was_closed_before() {
    let org = Org::new();
    for _ in 0..6 {
        let path = ticket(&org);
        let replies = together(6, |number| match number {
            0 => org.owner.client.post(&format!("{path}/close"), json!({ "force": true })),
            _ => org
                .rbt
                .client
                .post(&format!("{path}/messages"), json!({ "body": "Wait", "visibility": "public" })),
        });
        only(&replies, &[(200, ""), (201, ""), (409, "ticket_closed")]);
        let events = rows(&org.owner.client, &format!("{path}/events"));
        let kinds: Vec<&str> =
            events.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
        let closed = kinds.iter().position(|kind| *kind == "ticket_status_changed").unwrap();
        assert!(!kinds[closed..].contains(&"message_posted"), "{kinds:?}");
        let messages = rows(&org.rbt.client, &format!("{path}/messages"));
        assert_eq!(messages.as_array().unwrap().len(), with_status(&replies, 201).len());
    }
}

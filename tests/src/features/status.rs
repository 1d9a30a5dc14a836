//! The four statuses and their transitions: R4, S004-9, S000-32.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, Reply};

const COMMANDS: [&str; 5] = ["start", "resolve", "reopen", "close", "force_close"];

fn command(org: &Org, staff: &Person, ticket: &Value, what: &str) -> Reply {
    let path = |verb: &str| ticket_path(org, ticket, &format!("/{verb}"));
    match what {
        "resolve" => resolve(org, staff, ticket),
        "force_close" => staff.client.post(&path("close"), json!({"force": true})),
        "close" => staff.client.post(&path("close"), json!({})),
        _ => staff.client.post_empty(&path(what)),
    }
}

/// The status after a command, for staff who may force; `None` if the command is refused.
fn leads_to(from: &str, command: &str) -> Option<&'static str> {
    match (from, command) {
        ("open", "start") | ("resolved", "reopen") => Some("in_progress"),
        ("open" | "in_progress", "resolve") => Some("resolved"),
        ("resolved", "close" | "force_close") | ("open" | "in_progress", "force_close") => Some("closed"),
        _ => None,
    }
}

/// The statuses that may follow.
fn next_of(from: &str, may_force: bool) -> Vec<&'static str> {
    match (from, may_force) {
        ("open", true) => vec!["in_progress", "resolved", "closed"],
        ("open", false) => vec!["in_progress", "resolved"],
        ("in_progress", true) => vec!["resolved", "closed"],
        ("in_progress", false) => vec!["resolved"],
        ("resolved", _) => vec!["in_progress", "closed"],
        _ => vec![],
    }
}

fn ticket_in(org: &Org, status: &str) -> Value {
    let ticket = org.ticket(&org.rbt);
    let way: &[&str] = match status {
        "in_progress" => &["start"],
        "resolved" => &["resolve"],
        "closed" => &["resolve", "close"],
        _ => &[],
    };
    way.iter().for_each(|step| drop(command(org, &org.owner, &ticket, step).expect(200)));
    read(org, &org.manager, &ticket)
}

#[test]
fn r04_each_command_from_each_status() {
    let org = shared();
    for from in ["open", "in_progress", "resolved", "closed"] {
        for what in COMMANDS {
            let ticket = ticket_in(org, from);
            let told = steps(org, &org.rbt, &ticket).len();
            let reply = command(org, &org.manager, &ticket, what);
            match leads_to(from, what) {
                Some(to) => {
                    let answer = reply.expect(200);
                    assert_eq!(answer["status"], to, "{what} from {from}");
                    assert_eq!(answer, read(org, &org.manager, &ticket));
                    assert_eq!(*steps(org, &org.rbt, &ticket).last().unwrap(), format!("{from}>{to}"));
                }
                None => {
                    let problem = reply.refused(409, "invalid_transition");
                    assert_eq!(problem["allowed_statuses"], json!(next_of(from, true)), "{what} from {from}");
                    assert_eq!(read(org, &org.manager, &ticket), ticket, "{what} from {from}");
                    assert_eq!(steps(org, &org.rbt, &ticket).len(), told);
                }
            }
        }
    }
}

#[test]
fn r04_closing_an_unresolved_ticket_requires_force_and_its_permission() {
    let org = Org::new();
    grant(&org, "bcba", &["manage_tickets"]);
    for from in ["open", "in_progress"] {
        let ticket = ticket_in(&org, from);
        let problem = command(&org, &org.bcba, &ticket, "force_close").refused(403, "forbidden");
        assert!(text(&problem, "detail").contains("force_close_tickets"), "{problem}");
        let problem = command(&org, &org.bcba, &ticket, "close").refused(409, "invalid_transition");
        assert_eq!(problem["allowed_statuses"], json!(next_of(from, false)));
        assert!(
            !words(&read(&org, &org.bcba, &ticket)["allowed_actions"]).contains(&"force_close".to_owned())
        );
        assert_eq!(read(&org, &org.manager, &ticket), ticket);
        let closed = command(&org, &org.manager, &ticket, "force_close").expect(200);
        assert_eq!(closed["status"], "closed");
        assert!(closed["closed_at"].is_string() && closed["resolved_at"].is_null());
    }
    let ticket = ticket_in(&org, "resolved");
    command(&org, &org.bcba, &ticket, "close").expect(200);
}

#[test]
fn s004_09_users_change_no_status() {
    let org = shared();
    for from in ["open", "in_progress", "resolved", "closed"] {
        let ticket = ticket_in(org, from);
        for what in COMMANDS {
            command(org, &org.rbt, &ticket, what).refused(403, "forbidden");
        }
        assert_eq!(read(org, &org.manager, &ticket), ticket);
    }
}

#[test]
fn r04_a_closed_ticket_is_final() {
    let org = shared();
    let ticket = ticket_in(org, "closed");
    let category = text(&walk(&org.owner.client, &org.path("/categories"))[0], "id");
    let follow_up = ticket_path(org, &ticket, "/follow-up");
    for (person, change) in [
        (&org.rbt, json!({"subject": "Anew"})),
        (&org.manager, json!({"priority": "low"})),
        (&org.manager, json!({"assignee_id": org.owner.id})),
        (&org.manager, json!({"category_id": category})),
        (&org.manager, json!({"location_id": org.riverside})),
        (&org.manager, json!({"waiting_on": "requester"})),
    ] {
        let problem = patch(org, person, &ticket, change).refused(409, "ticket_closed");
        assert!(text(&problem, "follow_up_url").ends_with(&follow_up), "{problem}");
    }
    reply(org, &org.rbt, &ticket, "Once more.").refused(409, "ticket_closed");
    assert_eq!(read(org, &org.manager, &ticket), ticket);
    assert_eq!(ticket["allowed_actions"], json!(["follow_up"]));
}

#[test]
fn r04_waiting_on_is_independent_of_the_status_of_unresolved_tickets() {
    let org = shared();
    let ticket = ticket_in(org, "in_progress");
    patch(org, &org.manager, &ticket, json!({"waiting_on": "customer"})).refused(422, "validation_failed");
    let waits = patch(org, &org.manager, &ticket, json!({"waiting_on": "third_party"})).expect(200);
    assert_eq!((&waits["waiting_on"], &waits["status"]), (&json!("third_party"), &json!("in_progress")));
    let resolved = command(org, &org.manager, &ticket, "resolve").expect(200);
    assert!(resolved["waiting_on"].is_null());
    let problem =
        patch(org, &org.manager, &ticket, json!({"waiting_on": "requester"})).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/waiting_on"]));
    patch(org, &org.manager, &ticket, json!({"waiting_on": null})).expect(200);
    for status in ["waiting", "pending", "on_hold", "reopened"] {
        org.manager
            .client
            .get(&org.path(&format!("/tickets?status={status}")))
            .refused(422, "validation_failed");
    }
}

#[test]
fn s000_32_resolving_requires_a_message_and_a_summary() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let path = ticket_path(org, &ticket, "/resolve");
    for (body, expected) in [
        (json!({}), vec!["#/message", "#/resolution_summary"]),
        (json!({"message": "Done."}), vec!["#/resolution_summary"]),
        (json!({"resolution_summary": "Done."}), vec!["#/message"]),
        (json!({"message": " ", "resolution_summary": "\t\n"}), vec!["#/message", "#/resolution_summary"]),
        (json!({"message": "Done.", "resolution_summary": null}), vec!["#/resolution_summary"]),
        (
            json!({"message": "m".repeat(20_001), "resolution_summary": "s".repeat(2_001)}),
            vec!["#/message", "#/resolution_summary"],
        ),
    ] {
        let problem = org.manager.client.post(&path, body).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&expected));
    }
    org.manager.client.post_empty(&path).refused(422, "validation_failed");
    assert_eq!(read(org, &org.rbt, &ticket), ticket);
    assert_eq!(thread(org, &org.manager, &ticket).len(), 0);
    assert_eq!(events(org, &org.manager, &ticket, "").len(), 1);
}

#[test]
fn s000_32_the_outcome_is_a_public_message_and_the_resolver_becomes_assignee() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let outcome = json!({"message": "A new battery is in.", "resolution_summary": "Battery replaced."});
    let resolved = org.manager.client.post(&ticket_path(org, &ticket, "/resolve"), outcome).expect(200);
    assert_eq!((&resolved["status"], &resolved["status_label"]), (&json!("resolved"), &json!("Resolved")));
    assert_eq!(
        (&resolved["resolution_summary"], &resolved["assignee_id"]),
        (&json!("Battery replaced."), &json!(org.manager.id))
    );
    assert!(resolved["resolved_at"].is_string());
    let said = thread(org, &org.rbt, &ticket);
    assert_eq!(said.len(), 1);
    assert_eq!(
        (&said[0]["body"], &said[0]["visibility"], &said[0]["author_id"]),
        (&json!("A new battery is in."), &json!("public"), &json!(org.manager.id))
    );
    assert_eq!(read(org, &org.rbt, &ticket)["resolution_summary"], "Battery replaced.");
    let assigned = org.ticket(&org.rbt);
    patch(org, &org.manager, &assigned, json!({"assignee_id": org.owner.id})).expect(200);
    assert_eq!(
        resolve(org, &org.manager, &assigned).expect(200)["assignee_id"],
        json!(org.owner.id),
        "an assignee stays"
    );
}

#[test]
fn r04_no_event_repeats_a_change_of_status() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    reply(org, &org.manager, &ticket, "We look.").expect(201);
    resolve(org, &org.manager, &ticket).expect(200);
    reply(org, &org.rbt, &ticket, "Dark again.").expect(201);
    close(org, &ticket);
    let expected = [
        "open>in_progress",
        "in_progress>resolved",
        "resolved>in_progress",
        "in_progress>resolved",
        "resolved>closed",
    ];
    assert_eq!(steps(org, &org.rbt, &ticket), expected);
    for event in events(org, &org.manager, &ticket, "") {
        let tells = event["changes"].as_array().unwrap().iter().any(|c| c["field"] == "status");
        assert_eq!(tells, event["type"] == "ticket_status_changed", "{event}");
    }
}

#[test]
fn r04_no_sequence_of_calls_leaves_the_four_statuses() {
    let org = Org::new();
    let calls = [
        "start",
        "resolve",
        "reopen",
        "close",
        "force_close",
        "reply",
        "staff_reply",
        "note",
        "edit",
        "triage",
    ];
    let sequence = prop::collection::vec(prop::sample::select(calls.to_vec()), 1..9);
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&sequence, |sequence| {
            let ticket = org.ticket(&org.rbt);
            let mut status = "open";
            for what in sequence {
                let expected = match what {
                    "reply" if status == "resolved" => Some("in_progress"),
                    "staff_reply" if status == "open" => Some("in_progress"),
                    "reply" | "staff_reply" | "note" | "edit" | "triage" if status != "closed" => {
                        Some(status)
                    }
                    _ => leads_to(status, what),
                };
                let answer = match what {
                    "reply" => reply(&org, &org.rbt, &ticket, "Mine."),
                    "staff_reply" => reply(&org, &org.manager, &ticket, "Ours."),
                    "note" => note(&org, &org.manager, &ticket, "Between us."),
                    "edit" => patch(&org, &org.rbt, &ticket, json!({"subject": rare_word("anew")})),
                    "triage" => patch(&org, &org.manager, &ticket, json!({"priority": "high"})),
                    _ => command(&org, &org.manager, &ticket, what),
                };
                prop_assert_eq!(
                    answer.status < 300,
                    expected.is_some(),
                    "{} from {}: {}",
                    what,
                    status,
                    answer
                );
                status = expected.unwrap_or(status);
                let now = read(&org, &org.rbt, &ticket);
                prop_assert_eq!(&now["status"], status, "after {}", what);
            }
            let mut at = "open".to_owned();
            for step in steps(&org, &org.rbt, &ticket) {
                let (from, to) = step.split_once('>').unwrap();
                prop_assert_eq!(from, at.as_str());
                prop_assert!(next_of(from, true).contains(&to) && to != "open", "{}", step);
                at = to.to_owned();
            }
            prop_assert_eq!(at, status);
            Ok(())
        })
        .unwrap();
}

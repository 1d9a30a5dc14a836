//! The mails about an account's status, whoever changes it: S001-31. Changes that are not mailed for security
//! are in `staff_side`.

use std::collections::BTreeSet;

use serde_json::json;

use super::acts::{Cared, Side, Standing, both};
use super::fixtures::stage;
use super::helpers::*;
use crate::harness::{Client, Org, Person, Reply};

fn platform() -> &'static Client {
    &stage().own.platform_owner().client
}

/// The kinds of all mails to a person, the latest first, queued ones included.
fn mails(person: &Cared) -> Vec<String> {
    let path = format!("/users/{}/mail-log?purpose=Check&limit=100", person.id);
    walk(platform(), &path).iter().map(|mail| text(mail, "kind")).collect()
}

/// The mail about a transition: its kind, and words of its subject.
fn mail_of(action: &str) -> (&'static str, &'static str) {
    match action {
        "suspend" => ("account_suspended", "has been suspended"),
        "confirm" | "reactivate" | "cancel_deletion" => ("account_reactivated", "account is active"),
        "schedule_deletion" => ("deletion_scheduled", "will be deleted"),
        unknown => panic!("nobody knows what tells of `{unknown}`: write it here"),
    }
}

/// The published transitions of accounts.
fn moves() -> BTreeSet<String> {
    let statuses = walk(platform(), "/account-statuses");
    let moves = statuses.iter().flat_map(|status| status["transitions"].as_array().unwrap());
    moves.map(|one| text(one, "action")).collect()
}

/// Approves what was requested, if a second approver is needed.
fn agree(org: &Org, second: &Person, asked: &Reply) {
    if asked.body["status"] == "pending" {
        let path = org.path(&format!("/approvals/{}/approve", text(&asked.body, "id")));
        second.client.post_empty(&path).expect(200);
    }
}

/// A person whose deletion this side has scheduled.
fn leaving(side: &Side<'_>, second: &Person) -> Cared {
    let person = side.somebody(Standing::Active);
    let act = side.acts().into_iter().find(|act| act.rest == "/schedule-deletion").unwrap();
    agree(side.org, second, &side.does(&act, &person.id));
    person
}

#[test]
fn s001_31_each_transition_of_an_account_sends_one_mail() {
    let org = Org::on(stage().own.platform_owner());
    let second = org.add_member(&["owner"], &[], None);
    for side in both(&org) {
        // Only the clock makes this one.
        let mut told = BTreeSet::from(["delete".to_owned()]);
        for act in side.acts() {
            let action = act.rest.trim_start_matches('/').replace('-', "_");
            if !moves().contains(&action) {
                continue;
            }
            let (kind, words) = mail_of(&action);
            let person = side.somebody(act.from);
            let before = mails(&person).len();
            let reply = side.does(&act, &person.id);
            if reply.body["status"] == "pending" {
                assert_eq!(mails(&person).len(), before, "{action}: nothing has changed yet");
            }
            agree(&org, &second, &reply);
            let now = mails(&person);
            assert_eq!(now[..now.len() - before], [kind], "{}", side.path("ID", act.rest));
            let mail = stage().own.mailbox().wait_for(&person.email, words);
            if action == "suspend" {
                assert!(mail.text.contains(&text(&act.body, "reason")), "{}", mail.text);
            }
            told.insert(action);
        }
        assert_eq!(told, moves());
    }
}

#[test]
fn s001_31_a_deletion_is_mailed_to_the_former_address() {
    let org = Org::on(stage().own.platform_owner());
    let second = org.add_member(&["owner"], &[], None);
    let sides = both(&org);
    let mut gone: Vec<Cared> = sides.iter().map(|side| leaving(side, &second)).collect();
    gone.push(sides[0].somebody(Standing::Leaving));
    let addresses: Vec<String> = gone.iter().map(|person| format!("'{}'", person.email)).collect();
    let update = format!(
        "UPDATE users SET deletion_due_at = '2020-01-01T00:00:00.000000Z' WHERE email IN ({}) RETURNING 1",
        addresses.join(", ")
    );
    assert_eq!(stage().own.sql(&update), "1\n1\n1", "three rows are changed");
    for person in gone {
        let mail = stage().own.mailbox().wait_for(&person.email, "has been deleted");
        assert!(mail.text.contains("You can no longer log in"), "{}", mail.text);
        let account = platform().get(&format!("/users/{}", person.id)).expect(200);
        assert_eq!(account["status"], "deleted");
    }
}

#[test]
fn s001_31_a_delay_after_guesses_within_a_session_is_mailed_once() {
    let org = Org::on(stage().own.platform_owner());
    let person = both(&org)[0].somebody(Standing::Locked);
    assert_eq!(mails(&person), ["account_locked", "new_account"]);
    let mail = stage().own.mailbox().wait_for(&person.email, "temporarily locked");
    assert!(mail.text.contains("/forgot-password"), "{}", mail.text);
    let again = json!({"email": person.email, "password": "not-the-password-1"});
    stage().own.client().post("/sessions", again).refused(429, "too_many_attempts");
    assert_eq!(mails(&person).len(), 2);
}

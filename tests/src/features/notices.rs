//! Mails to requesters (S004-21).

use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::helpers::*;
use crate::harness::{Org, Person, server};

/// Long enough for a mail that should not be sent.
fn a_while() {
    sleep(Duration::from_millis(2_500));
}

fn mails_about(person: &Person, words: &str) -> usize {
    server().mailbox().about(&person.email, words).len()
}

#[test]
fn s004_21_a_reply_is_mailed_in_the_requesters_language_and_without_its_text() {
    let org = Org::new();
    org.rbt.client.patch("/me", json!({ "locale": "es-MX" })).expect(200);
    let ticket = org.ticket(&org.rbt);
    let secret = rare_word("words");
    reply(&org, &org.manager, &ticket, &secret).expect(201);
    let mail = server().mailbox().wait_for(&org.rbt.email, "respuesta");
    assert!(mail.html.contains("<html lang=\"es\">"), "{}", mail.html);
    assert!(!mail.text.contains(&secret) && !mail.html.contains(&secret), "{}", mail.text);
    let link = format!("/orgs/{}/tickets/{}", org.id, text(&ticket, "id"));
    assert!(mail.text.contains(&link) && mail.text.contains("Lakeside Therapy"), "{}", mail.text);
    assert_eq!(mails_about(&org.rbt, "respuesta"), 1, "one mail, though the status moved as well");
}

#[test]
fn s004_21_status_changes_are_mailed_once_each() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    resolve(&org, &org.manager, &ticket).expect(200);
    let number = &ticket["number"];
    server().mailbox().wait_for(&org.rbt.email, &format!("request {number} is now resolved"));
    org.manager
        .client
        .post(&ticket_path(&org, &ticket, "/close"), json!({ "reason": "Confirmed." }))
        .expect(200);
    server().mailbox().wait_for(&org.rbt.email, &format!("request {number} is now closed"));
    assert_eq!(mails_about(&org.rbt, "is now"), 2);
    assert_eq!(mails_about(&org.rbt, "New reply"), 0, "the outcome is not told twice");
}

#[test]
fn s004_21_a_request_filed_on_behalf_is_mailed_to_the_requester() {
    let org = Org::new();
    let for_rbt = json!({ "on_behalf_of": org.rbt.id });
    let ticket = org.ticket_with(&org.manager, for_rbt).expect(201);
    let mail = server().mailbox().wait_for(&org.rbt.email, "We have received your request");
    assert!(mail.text.contains(ticket["subject"].as_str().unwrap()), "{}", mail.text);
}

#[test]
fn s004_21_nobody_is_notified_of_their_own_acts_or_of_internal_ones() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    note(&org, &org.manager, &ticket, "For us alone.").expect(201);
    patch(&org, &org.manager, &ticket, json!({ "assignee_id": org.manager.id, "priority": "low" }))
        .expect(200);
    reply(&org, &org.rbt, &ticket, "One more thing.").expect(201);
    let own = org.ticket(&org.manager);
    resolve(&org, &org.manager, &own).expect(200);
    a_while();
    for person in [&org.rbt, &org.manager] {
        let about = ["reply", "is now", "received"].map(|words| mails_about(person, words));
        assert_eq!(about, [0, 0, 0], "{}", person.email);
    }
}

#[test]
fn s004_21_requesters_without_access_are_not_notified() {
    let org = Org::new();
    let leaver = org.add_member(&["rbt"], &[&org.downtown], None);
    let ticket = org.ticket_with(&leaver, json!({ "location_id": org.downtown })).expect(201);
    org.suspend(&leaver);
    reply(&org, &org.manager, &ticket, "Are you still there?").expect(201);
    resolve(&org, &org.manager, &ticket).expect(200);
    a_while();
    assert_eq!(mails_about(&leaver, "reply") + mails_about(&leaver, "is now"), 0);
}

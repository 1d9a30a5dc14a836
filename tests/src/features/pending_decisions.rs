//! Notifications of pending decisions, and muted mails: semantics 43.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::fixtures::{guest, stage};
use super::helpers::*;
use crate::harness::{Behavior, Org, OwnServer, Person, PostOffice, Reply, server, unique};

/// All members of an organization who might be notified.
fn staff(org: &Org) -> [&Person; 4] {
    [&org.owner, &org.manager, &org.bcba, &org.rbt2]
}

/// Those of these people who got a mail with these words, once no mail is in progress.
fn told<'a>(people: &[&'a Person], words: &str) -> Vec<&'a str> {
    let addresses: Vec<String> = people.iter().map(|person| format!("'{}'", person.email)).collect();
    let under_way = format!(
        "SELECT count(*) FROM mails WHERE kind = 'decision_pending' AND status = 'queued' AND email IN ({})",
        addresses.join(", ")
    );
    stage().own.wait_for_sql(&under_way, "0");
    let is_notified = |person: &&&Person| !stage().own.mailbox().about(&person.email, words).is_empty();
    people.iter().filter(is_notified).map(|person| person.email.as_str()).collect()
}

fn org() -> Org {
    Org::on(stage().own.platform_owner())
}

fn ask_to_join(org: &Org, by: &Person) -> Value {
    by.client.post("/me/membership-requests", json!({"org_slug": org.slug})).expect(201)
}

#[test]
fn semantics_43_reviewers_are_notified_of_a_request_to_join_and_the_others_of_an_appeal() {
    let (org, person) = (org(), guest());
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    let asked = ask_to_join(&org, &person);
    let both = [org.owner.email.as_str(), &org.manager.email];
    assert_eq!(told(&staff(&org), "asks to join"), both);
    let mail = stage().own.mailbox().about(&org.manager.email, "asks to join").remove(0);
    let id = text(&asked, "id");
    assert!(mail.text.contains(&org.path(&format!("/membership-requests/{id}"))), "{}", mail.text);
    assert!(!mail.text.contains(&person.email), "{}", mail.text);
    let deny = org.path(&format!("/membership-requests/{id}/deny"));
    org.owner.client.post(&deny, json!({"reason": "We are full."})).expect(200);
    let appeal = format!("/me/membership-requests/{id}/appeal");
    person.client.post(&appeal, json!({"text": "I help out."})).expect(200);
    let [owner, manager, ..] = staff(&org);
    assert_eq!(told(&[manager, owner, &person], "is appealed"), [manager.email.as_str()]);
}

#[test]
fn semantics_43_reviewers_are_notified_of_a_permission_request_but_not_its_requester() {
    let org = org();
    let wish = json!({"requested_role": "owner", "justification": "I run it.", "location_ids": []});
    org.manager.client.post(&org.path("/permission-requests"), wish).expect(201);
    assert_eq!(told(&staff(&org), "asks for more rights"), [org.owner.email.as_str()]);
}

#[test]
fn semantics_43_s001_30_possible_second_approvers_are_notified_and_nobody_else() {
    let org = org();
    let [second, leaving] = [(); 2].map(|()| org.add_member(&["owner"], &[], None));
    org.let_votes_start();
    org.owner.client.delete(&org.path(&format!("/members/{}", leaving.id))).expect(202);
    let words = "needs a second approver";
    // An owner may approve the loss of their own role.
    let people = [&second, &leaving, &org.owner, &org.manager, &org.rbt];
    assert_eq!(told(&people, words), [second.email.as_str(), &leaving.email]);
}

#[test]
fn semantics_43_repeated_requests_do_not_flood_mailboxes() {
    let (org, person) = (org(), guest());
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    for _ in 0..3 {
        let asked = ask_to_join(&org, &person);
        told(&[&org.owner], "asks to join");
        person.client.delete(&format!("/me/membership-requests/{}", text(&asked, "id"))).expect(204);
    }
    assert_eq!(stage().own.mailbox().about(&org.owner.email, "asks to join").len(), 1);
}

#[test]
fn semantics_43_one_decision_notifies_fifty_people_at_most() {
    let (org, person, crowd) = (org(), guest(), unique("crowd"));
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    for number in 0..50 {
        let email = format!("{crowd}-{number}@else.example");
        let body = json!({"email": email, "name": "Cam Crowd", "roles": ["manager"]});
        org.owner.client.post(&org.path("/members"), body).expect(201);
    }
    let active = format!("UPDATE users SET status = 'active' WHERE email LIKE '{crowd}-%'");
    stage().own.sql(&active);
    ask_to_join(&org, &person);
    let here = format!("(SELECT id FROM orgs WHERE slug = '{}')", org.slug);
    let count = format!("SELECT count(*) FROM mails WHERE kind = 'decision_pending' AND org_id = {here}");
    assert_eq!(stage().own.sql(&count), "50", "of fifty-two");
    let first = [org.owner.email.as_str(), &org.manager.email];
    assert_eq!(told(&staff(&org), "asks to join"), first, "the longest known first");
}

#[test]
fn semantics_43_a_decision_before_the_mail_makes_it_obsolete() {
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let elsewhere = Org::on(server.platform_owner());
    // Without their mails nobody has used a link.
    let confirm = format!("/users/{}/confirm", elsewhere.rbt.id);
    server.platform_owner().client.post(&confirm, json!({"reason": "Known in person."})).expect(200);
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    server.wait_until_mail_is_idle();
    office.turn(Behavior::Suspicious);
    let asked = ask_to_join(&org, &elsewhere.rbt);
    office.wait_for_refusal(&org.owner.email);
    office.wait_for_refusal(&org.manager.email);
    server.wait_until_mail_is_idle();
    office.turn(Behavior::Kind);
    let deny = org.path(&format!("/membership-requests/{}/deny", text(&asked, "id")));
    org.manager.client.post(&deny, json!({"reason": "We are full."})).expect(200);
    server.make_mail_due();
    let suppressed = "SELECT count(*) FROM mails WHERE kind = 'decision_pending' AND status = 'suppressed'";
    server.wait_for_sql(suppressed, "2");
}

#[test]
fn semantics_43_s001_30_possible_approvers_of_a_platform_role_are_notified() {
    let server = OwnServer::start(&[]);
    let (owner, org) = (server.platform_owner(), Org::on(server.platform_owner()));
    let give = |person: &Person, role: &str| {
        let path = format!("/users/{}/platform-roles/{role}", person.id);
        owner.client.put(&path, json!({"reason": "Helps."})).expect(202)
    };
    assert_eq!(give(&org.manager, "platform_owner")["status"], "approved", "nobody else could agree");
    let asked = give(&org.rbt, "platform_developer");
    let mail = server.mailbox().wait_for(&org.manager.email, "A change at Steward needs a second approver");
    assert!(mail.text.contains(&format!("/approvals/{}", text(&asked, "id"))), "{}", mail.text);
    let told = "SELECT count(*) FROM mails WHERE kind = 'decision_pending'";
    assert_eq!(server.sql(told), "1", "neither who asked nor who gets it");
}

#[test]
fn semantics_43_s002_22_representatives_are_notified_of_requests_that_they_may_approve() {
    let org = org();
    org.owner.client.patch(&org.path(""), json!({"ticket_openers": "representatives"})).expect(200);
    let represents = |location: &str| org.add_member(&["representative"], &[location], Some("locations"));
    let (downtown, riverside) = (represents(&org.downtown), represents(&org.riverside));
    let ticket = org.ticket(&org.rbt);
    assert_eq!(ticket["approval"], "waiting", "{ticket}");
    let words = "is pending approval";
    let people = [&downtown, &riverside, &org.rbt, &org.rbt2];
    assert_eq!(told(&people, words), [downtown.email.as_str()]);
}

fn prefer(person: &Person, unwanted: &Value) -> Reply {
    person.client.patch("/me", json!({"muted_mails": unwanted}))
}

#[test]
fn semantics_43_everybody_chooses_which_mails_to_mute() {
    let org = Org::new();
    let (person, staff) = (&org.rbt, &org.manager);
    assert_eq!(person.client.get("/me").expect(200)["muted_mails"], json!([]));
    let mine = prefer(person, &json!(["status_changed", "new_reply"])).expect(200);
    assert_eq!(mine["muted_mails"], json!(["new_reply", "status_changed"]), "in an order of their own");
    person.client.patch("/me", json!({"locale": "en"})).expect(200);
    assert_eq!(person.client.get("/me").expect(200)["muted_mails"], mine["muted_mails"]);
    for kind in ["reset_password", "invitation", "no_such_kind"] {
        prefer(person, &json!([kind])).refused(422, "validation_failed");
    }

    let ticket = org.ticket_with(staff, json!({"on_behalf_of": person.id})).expect(201);
    reply(&org, staff, &ticket, "We are on it.").expect(201);
    resolve(&org, staff, &ticket).expect(200);
    let mails = org.path(&format!("/members/{}/mail-log?purpose=Check&limit=3", person.id));
    let log = || {
        let page = staff.client.get(&mails).expect(200);
        let entry = |mail: &Value| (text(mail, "kind"), text(mail, "status"));
        page["data"].as_array().unwrap().iter().map(entry).collect::<Vec<_>>()
    };
    let expected =
        [("status_changed", "suppressed"), ("new_reply", "suppressed"), ("ticket_received", "sent")];
    let expected = expected.map(|(kind, status)| (kind.to_owned(), status.to_owned()));
    server().mailbox().wait_for(&person.email, "We have received");
    for _ in 0..100 {
        if log() == expected {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    assert_eq!(log(), expected);
    let page = staff.client.get(&mails).expect(200);
    assert_eq!(page["data"][0]["last_error"], "its recipient has muted mails of this kind");

    prefer(person, &json!([])).expect(200);
    reply(&org, staff, &ticket, "One more thing.").expect(201);
    server().mailbox().wait_for(&person.email, "New reply");
    let activity = org.path(&format!("/members/{}/activity?purpose=Check&limit=1", person.id));
    let latest = &staff.client.get(&activity).expect(200)["data"][0]["changes"][0];
    assert_eq!((&latest["field"], &latest["to"]), (&json!("muted_mails"), &json!("")));
}

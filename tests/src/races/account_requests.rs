//! Requests without a log-in, at two processes at once: each requester gets one mail, one account, one
//! password. SQLite belongs to one process, which gets all requests.

use std::sync::LazyLock;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::concurrently::{only, together, with_status};
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply, Second, is_postgres, unique};

const EACH: usize = 20;

struct Stage {
    own: OwnServer,
    org: Org,
    /// Anonymous clients of both processes.
    doors: [Client; 2],
    _second: Option<Second>,
}

fn stage() -> &'static Stage {
    static STAGE: LazyLock<Stage> = LazyLock::new(|| {
        let own = OwnServer::start(&[]);
        let open = json!({ "requires_invitation": false });
        own.platform_owner().client.patch("/platform-settings", open).expect(200);
        let org = Org::on(own.platform_owner());
        let second = is_postgres().then(|| own.second());
        let there = second
            .as_ref()
            .map_or_else(|| own.client(), |second| Client { base: second.base.clone(), token: None });
        Stage { doors: [own.client(), there], org, own, _second: second }
    });
    &STAGE
}

fn stranger() -> String {
    format!("{}@else.example", unique("rita"))
}

fn password(number: usize) -> String {
    format!("orchard-lantern-quiet-{number}-times")
}

fn register(at: &Client, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "name": "Rita", "password": password, "accepted_agreements": [] });
    at.post("/registrations", body)
}

fn forgotten(at: &Client, email: &str) -> Reply {
    at.post("/password-resets", json!({ "email": email }))
}

fn log_in(at: &Client, email: &str, password: &str) -> Reply {
    at.post("/sessions", json!({ "email": email, "password": password }))
}

/// Waits until all requests are processed and mailed, and longer than a duplicate would take.
fn settle() {
    let own = &stage().own;
    own.wait_for_sql("SELECT count(*) FROM account_requests", "0");
    own.wait_until_mail_is_idle();
    sleep(Duration::from_millis(1_500));
}

#[test]
fn s000_5_s000_9_many_requests_at_both_at_once_send_one_mail_each() {
    let Stage { own, org, doors, .. } = stage();
    let known: Vec<Person> = (0..EACH).map(|_| org.add_member(&["rbt"], &[], None)).collect();
    let new: Vec<String> = (0..EACH).map(|_| stranger()).collect();
    let replies = together(2 * EACH, |number| {
        let (who, door) = (number / 2, &doors[number / 2 % 2]);
        match number % 2 {
            0 => register(door, &new[who], PASSWORD),
            _ => forgotten(door, &known[who].email),
        }
    });
    only(&replies, &[(202, "")]);
    settle();
    for email in &new {
        let subjects: Vec<String> = own.mailbox().to(email).into_iter().map(|mail| mail.subject).collect();
        assert!(subjects.len() == 1 && subjects[0].contains("Confirm"), "{email}: {subjects:?}");
    }
    for person in &known {
        let mails = own.mailbox().about(&person.email, "Reset your password");
        assert_eq!(mails.len(), 1, "{}: {mails:?}", person.email);
    }
}

#[test]
fn s000_5_of_twenty_resets_by_one_link_at_both_at_once_one_succeeds() {
    let Stage { own, org, doors, .. } = stage();
    let person = org.add_member(&["rbt"], &[], None);
    forgotten(&doors[0], &person.email).expect(202);
    let token = own.mailbox().wait_for(&person.email, "Reset your password").token();
    let replies = together(EACH, |number| {
        let body = json!({ "token": token, "password": password(number) });
        doors[number % 2].post("/password-resets/complete", body)
    });
    only(&replies, &[(204, ""), (410, "gone")]);
    assert_eq!(with_status(&replies, 204).len(), 1, "{replies:?}");
    let winner = replies.iter().position(|reply| reply.status == 204).unwrap();
    for door in doors {
        log_in(door, &person.email, &password(winner)).expect(201);
        log_in(door, &person.email, &password((winner + 1) % EACH)).refused(401, "invalid_credentials");
        log_in(door, &person.email, PASSWORD).refused(401, "invalid_credentials");
    }
    settle();
    assert_eq!(own.mailbox().about(&person.email, "password has been changed").len(), 1);
}

#[test]
fn s001_2_an_address_registered_at_both_at_once_is_one_account_with_one_password() {
    const TIMES: usize = 8;
    let Stage { own, doors, .. } = stage();
    let email = stranger();
    let replies = together(TIMES, |number| register(&doors[number % 2], &email, &password(number)));
    only(&replies, &[(202, "")]);
    settle();
    let accounts = format!("SELECT count(*) FROM users WHERE email = '{email}'");
    assert_eq!(own.sql(&accounts), "1");
    let registered = format!(
        "SELECT count(*) FROM account_events e JOIN users u ON u.id = e.user_id \
         WHERE e.kind = 'account_registered' AND u.email = '{email}'"
    );
    assert_eq!(own.sql(&registered), "1", "those behind the first come too soon to take its place");
    let mails = own.mailbox().to(&email);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let token = mails[0].token();
    let confirms = |number: &usize| {
        let body = json!({ "token": token, "password": password(*number) });
        let reply = doors[number % 2].post("/registrations/confirm", body);
        assert!(reply.status == 204 || reply.code() == "rule_violated", "{reply}");
        reply.status == 204
    };
    let chosen = (0..TIMES).find(confirms).expect("one of the passwords counts");
    let able: Vec<usize> = (0..TIMES)
        .filter(|number| log_in(&doors[(number + 1) % 2], &email, &password(*number)).status == 201)
        .collect();
    assert_eq!(able, [chosen]);
}

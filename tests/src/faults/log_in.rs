//! Password guessing.

use serde_json::{Value, json};

use crate::harness::{Org, OwnServer, PASSWORD, Reply};

/// Each of these tests chooses its client address.
const PROXIED: [&str; 2] = ["--trusted-proxies", "127.0.0.1"];

fn log_in(own: &OwnServer, address: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    own.client().send_json("POST", "/sessions", &[("X-Forwarded-For", address)], &body)
}

/// What a refusal says, without what differs every time.
fn said(reply: Reply) -> (u16, Value, Option<String>) {
    let challenge = reply.header("WWW-Authenticate");
    let (status, mut body) = (reply.status, reply.body);
    body["request_id"] = Value::Null;
    (status, body, challenge)
}

#[track_caller]
fn must_wait(reply: Reply) {
    let wait: u64 = reply.header("Retry-After").and_then(|text| text.parse().ok()).unwrap_or_default();
    assert!((1..=900).contains(&wait), "Retry-After is {wait} in {reply}");
    reply.refused(429, "too_many_attempts");
}

#[test]
fn after_twenty_wrong_passwords_log_ins_are_delayed_also_across_a_restart() {
    let mut own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    for number in 0..20 {
        let address = format!("203.0.113.{}", number % 4);
        log_in(&own, &address, &org.rbt.email, &format!("wrong password {number}"))
            .refused(401, "invalid_credentials");
    }
    must_wait(log_in(&own, "203.0.113.200", &org.rbt.email, "wrong password 21"));
    must_wait(log_in(&own, "203.0.113.201", &org.rbt.email, PASSWORD));
    must_wait(log_in(&own, "203.0.113.202", &org.rbt.email.to_uppercase(), PASSWORD));
    // Others can log in, from the same addresses too, and existing sessions continue.
    log_in(&own, "203.0.113.0", &org.rbt2.email, PASSWORD).expect(201);
    org.rbt.client.get("/me").expect(200);
    own.restart();
    must_wait(log_in(&own, "203.0.113.203", &org.rbt.email, PASSWORD));
    log_in(&own, "203.0.113.203", &org.rbt2.email, PASSWORD).expect(201);
}

#[test]
fn an_address_nobody_has_is_throttled_like_one_that_somebody_has() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    for number in 0..21 {
        let known = said(log_in(&own, &format!("198.51.100.{number}"), &org.rbt.email, "wrong password"));
        let unknown =
            said(log_in(&own, &format!("203.0.113.{number}"), "nobody@nowhere.example", "wrong password"));
        assert_eq!(known, unknown, "attempt {number}");
        assert_eq!(known.0, if number < 20 { 401 } else { 429 }, "attempt {number}");
    }
}

#[test]
fn after_thirty_failures_an_address_is_delayed() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    for number in 0..20 {
        log_in(&own, "203.0.113.9", &format!("guess-{number}@nowhere.example"), "password")
            .refused(401, "invalid_credentials");
    }
    log_in(&own, "203.0.113.9", &org.rbt.email, PASSWORD).expect(201);
    for number in 20..30 {
        log_in(&own, "203.0.113.9", &format!("guess-{number}@nowhere.example"), "password")
            .refused(401, "invalid_credentials");
    }
    must_wait(log_in(&own, "203.0.113.9", &org.rbt.email, PASSWORD));
    must_wait(log_in(&own, "198.51.100.1, 203.0.113.9", &org.rbt.email, PASSWORD));
    log_in(&own, "203.0.113.10", &org.rbt.email, PASSWORD).expect(201);
}

#[test]
fn every_wrong_log_in_is_answered_alike() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let owner = &org.owner.client;
    let member = |email: &str| json!({ "email": email, "name": "Pia Pending", "roles": ["rbt"] });
    owner.post(&org.path("/members"), member("pending@lakeside.example")).expect(201);
    let suspended = org.add_member(&["rbt"], &[], None);
    let away = json!({ "reason": "Away." });
    owner.post(&org.path(&format!("/members/{}/suspend", suspended.id)), away).expect(200);
    let wrong = said(log_in(&own, "203.0.113.1", &org.rbt.email, "wrong password"));
    assert_eq!((wrong.0, &wrong.1["code"]), (401, &json!("invalid_credentials")));
    let others = [
        ("nobody@nowhere.example", PASSWORD),
        ("pending@lakeside.example", PASSWORD),
        ("pending@lakeside.example", "wrong password"),
        (suspended.email.as_str(), "wrong password"),
        (org.rbt.email.as_str(), &PASSWORD.to_uppercase()),
        (org.rbt.email.as_str(), &format!("{PASSWORD} ")),
        (org.rbt.email.as_str(), &format!(" {PASSWORD}")),
        (org.rbt.email.as_str(), &PASSWORD[..PASSWORD.len() - 1]),
        ("no address at all", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("%@%", PASSWORD),
        ("*", "*"),
    ];
    for (email, password) in others {
        assert_eq!(said(log_in(&own, "203.0.113.1", email, password)), wrong, "{email} {password}");
    }
}

#[test]
fn a_password_of_any_length_costs_no_more_than_its_refusal() {
    let own = OwnServer::start(&PROXIED);
    let email = own.platform_owner().email.clone();
    let started = std::time::Instant::now();
    for length in [129, 10_000, 1_000_000] {
        log_in(&own, "203.0.113.1", &email, &"p".repeat(length)).refused(422, "validation_failed");
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(2), "after {:?}", started.elapsed());
    let weak = |password: &str| {
        own.client()
            .post("/account-setups", json!({ "token": "nothing", "name": "Eve", "password": password }))
    };
    weak(&"p".repeat(129)).refused(422, "validation_failed");
    weak("short").refused(410, "gone");
}

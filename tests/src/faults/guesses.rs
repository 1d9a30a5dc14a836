//! Bursts of password guesses from many addresses, and their effect on people who only want to log in.

use serde_json::json;

use crate::harness::{Client, Org, OwnServer, PASSWORD, Reply, is_postgres, unique};
use crate::races::concurrently::together;

/// Each of these tests chooses its client address.
const PROXIED: [&str; 2] = ["--trusted-proxies", "127.0.0.1"];
/// Failures that are tolerated within the window.
const FREE_PER_ACCOUNT: usize = 20;
const FREE_PER_NETWORK: usize = 30;

fn log_in(at: &Client, address: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password });
    at.send_json("POST", "/sessions", &[("X-Forwarded-For", address)], &body)
}

/// The number of passwords that were checked. The others were refused before that: too many for the account,
/// the network or the queue.
#[track_caller]
fn judged(replies: &[Reply]) -> usize {
    for reply in replies {
        let wait = reply.header("Retry-After").and_then(|text| text.parse::<u64>().ok());
        match (reply.status, reply.code()) {
            (401, "invalid_credentials") | (422, "rule_violated") | (201, "") => {}
            (429, "too_many_attempts") | (503, "unavailable") => {
                assert!(wait.is_some_and(|seconds| (1..=900).contains(&seconds)), "{reply}");
            }
            _ => panic!("an unexpected answer: {reply}"),
        }
    }
    replies.iter().filter(|reply| ![429, 503].contains(&reply.status)).count()
}

#[test]
fn a_burst_of_passwords_for_one_account_is_counted_like_a_queue() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let second = is_postgres().then(|| own.second());
    let other = second.as_ref().map_or_else(|| own.base.clone(), |second| second.base.clone());
    let processes = [own.base.clone(), other].map(|base| Client { base, token: None });
    for email in [org.rbt.email.as_str(), "nobody@nowhere.example"] {
        let replies = together(100, |number| {
            let address = format!("203.0.113.{number}");
            log_in(&processes[number % 2], &address, email, &format!("wrong password {number}"))
        });
        let judged = judged(&replies);
        assert!((1..=FREE_PER_ACCOUNT).contains(&judged), "{judged} passwords of {email} were judged");
    }
}

#[test]
fn a_burst_over_many_accounts_from_one_network_is_counted_like_a_queue() {
    let own = OwnServer::start(&PROXIED);
    let client = own.client();
    // One subscriber of an IPv6 provider has all the addresses of a /64.
    let replies = together(60, |number| {
        let address = format!("2001:db8:0:7:{number:x}::1");
        log_in(&client, &address, &format!("guess-{number}@nowhere.example"), "password")
    });
    let judged = judged(&replies);
    assert!((1..=FREE_PER_NETWORK).contains(&judged), "{judged} passwords were judged");
}

#[test]
fn all_addresses_of_a_64_are_delayed_together_and_their_neighbours_are_not() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let client = own.client();
    for number in 0..FREE_PER_NETWORK {
        let address = format!("2001:db8:0:1::{number:x}");
        log_in(&client, &address, &format!("guess-{number}@nowhere.example"), "password")
            .refused(401, "invalid_credentials");
    }
    log_in(&client, "2001:db8:0:1:ffff::1", &org.rbt.email, PASSWORD).refused(429, "too_many_attempts");
    log_in(&client, "2001:db8:0:2::1", &org.rbt.email, PASSWORD).expect(201);
}

#[test]
fn failures_from_elsewhere_do_not_delay_a_network_that_logged_in_before() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let (client, email) = (own.client(), &org.rbt.email);
    let (home, elsewhere) = ("198.51.100.7", "203.0.113.77");
    log_in(&client, home, email, PASSWORD).expect(201);
    for number in 0..FREE_PER_ACCOUNT {
        log_in(&client, &format!("203.0.113.{number}"), email, "wrong").refused(401, "invalid_credentials");
    }
    log_in(&client, elsewhere, email, PASSWORD).refused(429, "too_many_attempts");
    let locked = format!("SELECT count(*) FROM users WHERE email = '{email}' AND locked_until IS NOT NULL");
    own.wait_for_sql(&locked, "1");
    log_in(&client, home, email, PASSWORD).expect(201);
    // It allows no further guesses from elsewhere, and does not reveal that the owner is there.
    log_in(&client, elsewhere, email, PASSWORD).refused(429, "too_many_attempts");
    assert_eq!(own.sql(&locked), "1", "staff see that log-ins elsewhere wait");
}

#[test]
fn failures_from_a_known_network_use_up_only_its_own_guesses() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let (client, email, home) = (own.client(), &org.rbt.email, "198.51.100.7");
    log_in(&client, home, email, PASSWORD).expect(201);
    for _ in 0..FREE_PER_ACCOUNT {
        log_in(&client, home, email, "wrong").refused(401, "invalid_credentials");
    }
    log_in(&client, home, email, PASSWORD).refused(429, "too_many_attempts");
    log_in(&client, "203.0.113.78", email, PASSWORD).expect(201);
    // Staff can end that delay, too, although the owner logged in meanwhile.
    let unlock = org.path(&format!("/members/{}/unlock", org.rbt.id));
    org.owner.client.post(&unlock, json!({ "reason": "They called." })).expect(200);
    log_in(&client, home, email, PASSWORD).expect(201);
}

#[test]
fn a_network_is_known_for_thirty_days_and_until_a_new_password() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let (client, email) = (own.client(), &org.rbt.email);
    let known =
        || own.sql(&format!("SELECT count(*) FROM known_networks WHERE user_id = ({})", id_of(email)));
    let home = "198.51.100.7";
    log_in(&client, home, email, PASSWORD).expect(201);
    let before: usize = known().parse().unwrap();
    assert!(before >= 1, "{before}");
    own.sql("UPDATE known_networks SET logged_in_at = '2026-01-01T00:00:00.000000Z'");
    for number in 0..FREE_PER_ACCOUNT {
        log_in(&client, &format!("203.0.113.{number}"), email, "wrong").refused(401, "invalid_credentials");
    }
    log_in(&client, home, email, PASSWORD).refused(429, "too_many_attempts");
    let another = "another-orchard-lantern-8";
    let body = json!({ "current_password": PASSWORD, "new_password": another });
    // Its session is on a network that is no longer known; staff have ended the delay of its account.
    let unlock = org.path(&format!("/members/{}/unlock", org.rbt.id));
    own.wait_for_sql(
        &format!("SELECT count(*) FROM users WHERE email = '{email}' AND locked_until IS NOT NULL"),
        "1",
    );
    org.owner.client.post(&unlock, json!({ "reason": "They called." })).expect(200);
    org.rbt.client.post("/me/change-password", body).expect(204);
    assert_eq!(known(), "1", "only the network of the caller");
}

fn id_of(email: &str) -> String {
    format!("SELECT id FROM users WHERE email = '{email}'")
}

#[test]
fn a_burst_with_a_stolen_session_is_counted_like_a_queue() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let replies = together(60, |number| {
        let guess = format!("wrong password {number}");
        let body = json!({ "current_password": guess, "new_password": "another-orchard-lantern-8" });
        org.rbt.client.post("/me/change-password", body)
    });
    let judged = judged(&replies);
    assert!((1..=FREE_PER_ACCOUNT).contains(&judged), "{judged} passwords were judged");
}

#[test]
fn the_link_of_a_registration_allows_no_guesses_at_its_password() {
    let own = OwnServer::start(&PROXIED);
    let open = json!({ "requires_invitation": false });
    own.platform_owner().client.patch("/platform-settings", open).expect(200);
    let (client, email) = (own.client(), format!("{}@else.example", unique("rita")));
    let body = json!({ "email": email, "name": "Rita", "password": PASSWORD, "accepted_agreements": [] });
    client.post("/registrations", body).expect(202);
    let token = own.mailbox().wait_for(&email, "Confirm").token();
    let replies = together(60, |number| {
        let body = json!({ "token": token, "password": format!("wrong password {number}") });
        client.post("/registrations/confirm", body)
    });
    let judged = judged(&replies);
    assert!((1..=FREE_PER_ACCOUNT).contains(&judged), "{judged} passwords were judged");
    client
        .post("/registrations/confirm", json!({ "token": token, "password": PASSWORD }))
        .refused(429, "too_many_attempts");
}

#[test]
fn a_right_password_is_no_failure_however_often_its_code_is_missing() {
    let own = OwnServer::start(&PROXIED);
    let org = Org::on(own.platform_owner());
    let (client, email) = (own.client(), &org.rbt.email);
    let _device = crate::harness::Device::of(&org.rbt);
    for _ in 0..=FREE_PER_NETWORK {
        log_in(&client, "203.0.113.1", email, PASSWORD).refused(401, "two_factor_required");
    }
}

#[test]
fn more_passwords_than_the_queue_holds_are_refused_at_once() {
    let own = OwnServer::start(&PROXIED);
    let client = own.client();
    let replies = together(250, |number| {
        let address = format!("198.51.{}.{}", number / 100, number % 100);
        log_in(&client, &address, &format!("guess-{number}@nowhere.example"), "password")
    });
    judged(&replies);
    let refused = replies.iter().filter(|reply| reply.status == 503).count();
    assert!(refused > 0, "nobody waits in a queue without end");
    log_in(&client, "198.51.100.7", &own.platform_owner().email, PASSWORD).expect(201);
}

#[test]
fn requests_beyond_the_mail_limit_take_no_place_in_the_password_queue() {
    // One network may request twenty mails an hour.
    let own = OwnServer::start(&["--trusted-proxies", "127.0.0.1", "--rate-limit", "200"]);
    let owner = own.platform_owner();
    owner.client.patch("/platform-settings", json!({ "requires_invitation": false })).expect(200);
    let client = own.client();
    let register = |address: &str, number: usize| {
        let email = format!("guess-{number}@nowhere.example");
        let body = json!({ "email": email, "name": "Rita", "password": PASSWORD, "accepted_agreements": [] });
        client.send_json("POST", "/registrations", &[("X-Forwarded-For", address)], &body)
    };
    for number in 0..20 {
        register("2001:db8:0:9::1", number).expect(202);
    }
    // More at once than the queue has places.
    let refused = together(150, |number| register(&format!("2001:db8:0:9::{number:x}"), number));
    refused.into_iter().for_each(|reply| drop(reply.refused(429, "rate_limited")));
}

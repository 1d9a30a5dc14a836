//! Rate limits.

use std::time::Duration;

use serde_json::json;

use super::wire::Wire;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply, reach};
use crate::races::concurrently::together;

/// A number out of a header like `"default";r=599;t=42`.
fn number(reply: &Reply, header: &str, name: &str) -> u64 {
    let text = reply.header(header).unwrap_or_else(|| panic!("no {header} in {reply}"));
    let found = text.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    assert!(text.starts_with("\"default\";"), "{header}: {text}");
    found.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{header} has no {name}: {text}"))
}

fn retry_after(reply: &Reply) -> u64 {
    reply
        .header("Retry-After")
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("no Retry-After in {reply}"))
}

#[test]
fn the_sixth_of_five_requests_is_refused_and_every_answer_states_the_remaining_ones() {
    let own = OwnServer::start(&["--rate-limit", "5"]);
    let client = own.platform_owner().client.clone();
    let paths =
        ["/me", "/me?unknown=1", "/orgs", "/orgs/0198c1f2-b7a0-7c3f-8d5e-000000000000", "/me/sessions"];
    for (sent, path) in paths.iter().enumerate() {
        let reply = client.get(path);
        assert!(reply.status != 429, "{sent}: {reply}");
        assert_eq!(
            (number(&reply, "RateLimit-Policy", "q"), number(&reply, "RateLimit-Policy", "w")),
            (5, 60)
        );
        assert_eq!(number(&reply, "RateLimit", "r"), 4 - u64::try_from(sent).unwrap(), "{reply}");
        assert!((1..=60).contains(&number(&reply, "RateLimit", "t")), "{reply}");
    }
    for path in ["/me", "/orgs?limit=0", "/orgs"] {
        let reply = client.get(path);
        let wait = retry_after(&reply);
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(number(&reply, "RateLimit-Policy", "q"), 5);
        assert_eq!(number(&reply, "RateLimit", "r"), 0);
        assert!(
            wait >= number(&reply, "RateLimit", "t"),
            "told to come back before the limit is reset: {reply}"
        );
        reply.refused(429, "rate_limited");
    }
    // Neither a header nor another log-in of the same person helps, and other people are not affected.
    let disguised =
        client.send("GET", "/me", &[("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "203.0.113.9")], None);
    disguised.refused(429, "rate_limited");
    let again = own
        .client()
        .post("/sessions", json!({ "email": own.platform_owner().email, "password": PASSWORD }))
        .expect(201);
    let again = Client { base: own.base.clone(), token: again["access_token"].as_str().map(str::to_owned) };
    again.get("/me").refused(429, "rate_limited");
    own.client().get("!/healthz").expect(200);
}

#[test]
fn anonymous_requests_are_limited_by_address_whatever_the_headers() {
    let own = OwnServer::start(&["--rate-limit", "5"]);
    let wrong = |number: u32| {
        let address = format!("203.0.113.{number}");
        let headers = [
            ("X-Forwarded-For", address.as_str()),
            ("Forwarded", "for=203.0.113.77"),
            ("CF-Connecting-IP", &address),
        ];
        own.client().send_json("POST", "/sessions/refresh", &headers, &json!({ "refresh_token": "nothing" }))
    };
    let statuses: Vec<u16> = (0..8).map(|number| wrong(number).status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    let refused = wrong(9);
    assert!(retry_after(&refused) >= 1);
    refused.refused(429, "rate_limited");
}

#[test]
fn after_the_stated_time_requests_are_accepted_again() {
    let own = OwnServer::start(&["--rate-limit", "60"]);
    let client = own.platform_owner().client.clone();
    let refused =
        (0..200).map(|_| client.get("/me")).find(|reply| reply.status == 429).expect("no end of requests");
    std::thread::sleep(Duration::from_secs(retry_after(&refused)));
    client.get("/me").expect(200);
}

#[test]
fn answers_without_a_body_use_up_the_limit_like_others() {
    let own = OwnServer::start(&["--rate-limit", "50"]);
    let client = own.platform_owner().client.clone();
    let body = json!({ "name": "Counted", "slug": "counted", "first_admin": { "email": "a@counted.example", "name": "Ada" } });
    let org = client.post("/orgs", body).expect(201);
    let path = format!("/orgs/{}", org["id"].as_str().unwrap());
    let first = client.get(&path);
    let unchanged = client.send("GET", &path, &[("If-None-Match", &first.etag())], None);
    assert_eq!(unchanged.status, 304);
    assert!(number(&unchanged, "RateLimit", "r") < number(&first, "RateLimit", "r"), "{unchanged}");
}

#[test]
fn neither_outsiders_nor_suspended_members_use_up_the_limit_of_an_organization() {
    let own = OwnServer::start(&["--rate-limit", "100"]);
    let [org, elsewhere] = [(); 2].map(|()| Org::on(own.platform_owner()));
    // An organization may send as much as twenty people.
    let mut strangers: Vec<Person> = (0..12).map(|_| elsewhere.add_member(&["rbt"], &[], None)).collect();
    for _ in 0..13 {
        let shut_out = org.add_member(&["rbt"], &[], None);
        org.suspend(&shut_out);
        strangers.push(shut_out);
    }
    together(strangers.len(), |number| {
        let mut tries = (0..200).map(|_| strangers[number].client.get(&org.path("/tickets")).status);
        let answered = tries.position(|status| status == 429).expect("no end of requests");
        assert!(answered >= 90, "the caller has a limit of a hundred, less the log-in requests: {answered}");
    });
    for _ in 0..20 {
        org.manager.client.get(&org.path("/tickets")).expect(200);
    }
}

#[test]
fn one_person_does_not_use_up_the_limit_of_another() {
    let own = OwnServer::start(&["--rate-limit", "40"]);
    let org = Org::on(own.platform_owner());
    let refused = (0..60).map(|_| org.rbt.client.get("/me")).find(|reply| reply.status == 429);
    refused.expect("no end of requests").refused(429, "rate_limited");
    org.rbt2.client.get("/me").expect(200);
    org.manager.client.get(&org.path("/tickets")).expect(200);
}

/// Sends a request from an address.
type SentFrom = Box<dyn Fn(&str) -> Reply>;

/// Requests without valid credentials, each of which uses up the limit of the client's network.
fn refusals(own: &OwnServer) -> Vec<(&'static str, SentFrom)> {
    let client = own.client();
    let forged = Client { token: Some("eyJhbGciOiJIUzI1NiJ9.e30.forged".to_owned()), ..client.clone() };
    let ask = |by: &Client, method: &'static str, path: &'static str, body: Option<Vec<u8>>| {
        let by = by.clone();
        let sent: SentFrom = Box::new(move |from: &str| {
            let headers = [("X-Forwarded-For", from), ("Content-Type", "application/json")];
            by.send(method, path, &headers, body.clone())
        });
        sent
    };
    vec![
        ("no token", ask(&client, "GET", "/me", None)),
        ("a forged token", ask(&forged, "GET", "/me", None)),
        ("a large body without a token", ask(&client, "POST", "/orgs", Some(vec![b' '; 900_000]))),
        ("a body too large", ask(&client, "POST", "/sessions", Some(vec![b' '; 1_100_000]))),
        ("a body that is no JSON", ask(&client, "POST", "/sessions", Some(b"{".to_vec()))),
        ("an unknown path", ask(&client, "GET", "/nothing-here", None)),
        ("an unknown path outside", ask(&client, "GET", "!/nothing-here", None)),
        ("a method that is not offered", ask(&client, "DELETE", "/sessions", None)),
        ("a page of no problem", ask(&client, "GET", "!/problems/nothing", None)),
    ]
}

#[test]
fn requests_without_valid_credentials_are_limited_by_network() {
    let own = OwnServer::start(&["--trusted-proxies", "127.0.0.1", "--rate-limit", "5"]);
    for (number, (what, ask)) in refusals(&own).iter().enumerate() {
        let network = format!("2001:db8:0:{number:x}");
        let answers: Vec<Reply> = (1..=7).map(|host| ask(&format!("{network}::{host}"))).collect();
        for reply in &answers[..5] {
            assert!(![200, 429].contains(&reply.status), "{what}: {reply}");
            assert!(reply.header("RateLimit").is_some(), "{what}: {reply}");
        }
        for reply in &answers[5..] {
            assert_eq!((reply.status, reply.code()), (429, "rate_limited"), "{what}: {reply}");
            assert!(retry_after(reply) >= 1);
        }
    }
    // Nobody else is affected, and the probes of an orchestrator are not counted.
    own.client()
        .post("/sessions/refresh", json!({ "refresh_token": "nothing" }))
        .refused(401, "token_revoked");
    (0..20).for_each(|_| drop(own.client().get("!/healthz").expect(200)));
}

#[test]
fn unknown_paths_with_a_valid_token_use_up_only_its_owners_limit() {
    let own = OwnServer::start(&["--rate-limit", "10"]);
    let owner = own.platform_owner().client.clone();
    let refused = (0..20).map(|_| owner.get("/nothing-here")).find(|reply| reply.status == 429);
    refused.expect("no end of requests").refused(429, "rate_limited");
    own.client().get("/nothing-here").refused(404, "not_found");
}

#[test]
fn unknown_methods_grow_neither_the_metrics_nor_the_log() {
    let own = OwnServer::start(&[]);
    let lines = |text: &str| text.lines().filter(|line| line.starts_with("steward_http_")).count();
    let ask = |method: &str| {
        let request = format!("{method} /api/v1/me HTTP/1.1\r\nHost: steward\r\nConnection: close\r\n\r\n");
        Wire::exchange(&own.base, request.as_bytes())
    };
    let answer = ask("BREW").expect("an answer");
    answer.refused(405, "method_not_allowed");
    let (_, before) = reach(&own.metrics).unwrap();
    for number in 0..50 {
        ask(&format!("BREW{number}"));
        ask(&format!("BREW{number}{}", "X".repeat(20_000)));
    }
    let (_, after) = reach(&own.metrics).unwrap();
    assert!(before.contains("method=\"OTHER\""), "{before}");
    // Another status may have come up: it is one more row of each of the two.
    assert!(lines(&after) <= lines(&before) + 40, "{after}");
    assert!(!after.contains("BREW") && !own.log().contains("BREW"), "no text of a client");
    assert!(own.log().lines().all(|line| line.len() < 400), "no line of any length");
}

//! Request heads that no legitimate client sends.

use std::time::Duration;

use serde_json::json;

use super::snapshot::snapshot;
use super::wire::{Answer, Wire};
use crate::harness::{Org, server};

fn answer_to(request: &str) -> Option<Answer> {
    let mut wire = Wire::open(&server().base);
    wire.send(request.as_bytes());
    wire.answer(Duration::from_secs(5))
}

fn refused(request: &str, statuses: &[u16]) {
    let shown: String = request.chars().take(200).collect();
    let answer = answer_to(request).unwrap_or_else(|| panic!("no answer to {shown:?}"));
    assert!(statuses.contains(&answer.status), "{shown:?}: {answer:?}");
}

fn post(org: &Org, more: &str, body: &str) -> String {
    let token = org.owner.client.token.as_deref().unwrap();
    let path = org.path("/tickets");
    format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: steward\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{more}\r\n\r\n{body}"
    )
}

#[test]
fn a_body_of_two_lengths_is_refused() {
    let org = Org::new();
    let before = snapshot(&org);
    let body =
        json!({ "subject": "Smuggled", "details": "d", "urgency": "low", "location_id": org.downtown })
            .to_string();
    let length = body.len();
    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    refused(&post(&org, &format!("Content-Length: {length}\r\nContent-Length: 3"), &body), &[400]);
    refused(&post(&org, &format!("Content-Length: 3\r\nContent-Length: {length}"), &body), &[400]);
    refused(
        &post(&org, &format!("Content-Length: {length}\r\nTransfer-Encoding: chunked"), &chunked),
        &[400],
    );
    refused(&post(&org, "Transfer-Encoding: chunked\r\nContent-Length: 3", &chunked), &[400]);
    for length in ["-1", "+5", "0x10", "5, 5", "five", "99999999999999999999999"] {
        refused(&post(&org, &format!("Content-Length: {length}"), &body), &[400, 413]);
    }
    for encoding in ["xchunked", "gzip", "chunked, identity"] {
        let answer = answer_to(&post(&org, &format!("Transfer-Encoding: {encoding}"), &chunked));
        assert!(answer.as_ref().is_none_or(|a| a.status >= 400), "{encoding}: {answer:?}");
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn broken_chunks_are_refused() {
    let org = Org::new();
    let before = snapshot(&org);
    for chunks in
        ["zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n", "ffffffffffffffffffff\r\n{}", "2\r\n{}XX0\r\n\r\n"]
    {
        let answer = answer_to(&post(&org, "Transfer-Encoding: chunked", chunks));
        assert!(answer.as_ref().is_none_or(|a| (400..500).contains(&a.status)), "{chunks:?}: {answer:?}");
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn heads_of_any_size_are_bounded() {
    let get = |more: &str| format!("GET /api/v1/me HTTP/1.1\r\nHost: steward\r\n{more}\r\n\r\n");
    refused(&get(&format!("X-Long: {}", "a".repeat(200_000))), &[400, 431]);
    refused(&get(&format!("Authorization: Bearer {}", "a".repeat(200_000))), &[400, 431]);
    refused(&get(&vec!["X-Many: a"; 2_000].join("\r\n")), &[400, 431]);
    refused(
        &format!("GET /api/v1/me?q={} HTTP/1.1\r\nHost: steward\r\n\r\n", "a".repeat(200_000)),
        &[400, 414, 431],
    );
}

#[test]
fn what_is_no_http_is_refused_or_closed() {
    let lines = [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: steward\r\n\r\n",
        "GET /api/v1/me HTTP/1.1\r\nHost: steward\r\nBad Name: x\r\n\r\n",
        "GET /api/v1/me HTTP/1.1\r\nHost: steward\r\nX-Nul: a\0b\r\n\r\n",
        "GET /api/v1/me HTTP/1.1\r\nHost: steward\r\n : x\r\n\r\n",
        "GET /api/v1/\u{e4} HTTP/1.1\r\nHost: steward\r\n\r\n",
        "G\u{0}T /api/v1/me HTTP/1.1\r\nHost: steward\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for line in lines {
        let answer = answer_to(line);
        assert!(
            answer.as_ref().is_none_or(|a| (400..500).contains(&a.status) || a.status == 505),
            "{line:?}: {answer:?}"
        );
    }
    // And the next request is served.
    assert_eq!(answer_to("GET /healthz HTTP/1.1\r\nHost: steward\r\n\r\n").unwrap().status, 200);
}

#[test]
fn two_requests_on_one_connection_are_two_requests() {
    let mut wire = Wire::open(&server().base);
    wire.send(b"GET /healthz HTTP/1.1\r\nHost: steward\r\n\r\n");
    assert_eq!(wire.answer(Duration::from_secs(5)).unwrap().status, 200);
    wire.send(b"GET /api/v1/me HTTP/1.1\r\nHost: steward\r\n\r\n");
    wire.answer(Duration::from_secs(5)).unwrap().refused(401, "unauthenticated");
}

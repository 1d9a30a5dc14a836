//! Clients that are slow, or disconnect halfway.

use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::json;

use super::snapshot::snapshot;
use super::wire::{Answer, Wire};
use crate::harness::{Org, server};

/// The contract's limit for a body, and a margin.
const BODY: Duration = Duration::from_secs(31);
/// The limit for a head.
const HEAD: Duration = Duration::from_secs(10);

/// A ticket as a request: its head and its body.
fn ticket(org: &Org) -> (String, String) {
    let body = json!({ "subject": "Slowly", "details": "d".repeat(200), "urgency": "low", "location_id": org.downtown }).to_string();
    (head(org, "/tickets", "application/json", body.len()), body)
}

/// An upload.
fn upload(org: &Org) -> (String, String) {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{}\r\n--x--\r\n",
        "text ".repeat(50)
    );
    (head(org, "/attachments", "multipart/form-data; boundary=x", body.len()), body)
}

fn head(org: &Org, path: &str, media_type: &str, length: usize) -> String {
    let token = org.owner.client.token.as_deref().unwrap();
    let path = org.path(path);
    format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: steward\r\nAuthorization: Bearer {token}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Sends the head and half of the body, and then nothing.
fn stall((head, body): (String, String)) -> Option<Answer> {
    let mut wire = Wire::open(&server().base);
    wire.send(head.as_bytes());
    wire.send(&body.as_bytes()[..body.len() / 2]);
    wire.answer(BODY)
}

/// Sends one byte per second until something comes back.
fn drip((head, body): (String, String)) -> Option<Answer> {
    let mut wire = Wire::open(&server().base);
    wire.send(head.as_bytes());
    let started = Instant::now();
    for byte in body.bytes() {
        wire.send(&[byte]);
        if let Some(answer) = wire.answer(Duration::from_secs(1)) {
            return Some(answer);
        }
        if started.elapsed() > BODY {
            break;
        }
    }
    None
}

#[test]
fn a_stalled_body_is_408_within_30_seconds_and_delays_nobody_else() {
    let org = Org::new();
    let before = snapshot(&org);
    let started = Instant::now();
    scope(|threads| {
        let waiting = [
            threads.spawn(|| ("half a ticket", stall(ticket(&org)))),
            threads.spawn(|| ("half a file", stall(upload(&org)))),
            threads.spawn(|| ("a ticket, a byte a second", drip(ticket(&org)))),
            threads.spawn(|| ("a file, a byte a second", drip(upload(&org)))),
        ];
        sleep(Duration::from_secs(1));
        let asked = Instant::now();
        org.rbt.client.get("/me").expect(200);
        assert!(asked.elapsed() < Duration::from_secs(2), "others wait for {:?}", asked.elapsed());
        for thread in waiting {
            let (what, answer) = thread.join().unwrap();
            let answer = answer.unwrap_or_else(|| panic!("{what}: no answer after {:?}", started.elapsed()));
            assert!(answer.status == 408, "{what}: {answer:?}");
            answer.refused(408, "request_timeout");
        }
    });
    assert!(started.elapsed() < BODY, "after {:?}", started.elapsed());
    assert_eq!(snapshot(&org), before);
}

#[test]
fn a_body_that_breaks_off_leaves_nothing() {
    let org = Org::new();
    let before = snapshot(&org);
    for (head, body) in [ticket(&org), upload(&org)] {
        let mut wire = Wire::open(&server().base);
        wire.send(head.as_bytes());
        wire.send(&body.as_bytes()[..body.len() / 2]);
        wire.half_close();
        let answer = wire.answer(Duration::from_secs(5));
        assert!(answer.as_ref().is_none_or(|a| a.status == 400), "{answer:?}");
        // Or disconnected without a word.
        let mut wire = Wire::open(&server().base);
        wire.send(head.as_bytes());
        wire.send(&body.as_bytes()[..body.len() / 2]);
    }
    sleep(Duration::from_millis(300));
    assert_eq!(snapshot(&org), before);
}

#[test]
fn a_head_that_does_not_come_is_given_up_within_10_seconds() {
    scope(|threads| {
        let silent = threads.spawn(|| {
            let mut wire = Wire::open(&server().base);
            wire.closes_within(HEAD)
        });
        let half = threads.spawn(|| {
            let mut wire = Wire::open(&server().base);
            wire.send(b"GET /api/v1/me HTTP/1.1\r\nHost: ste");
            wire.closes_within(HEAD)
        });
        let dripping = threads.spawn(|| {
            let mut wire = Wire::open(&server().base);
            let started = Instant::now();
            while started.elapsed() < HEAD {
                wire.send(b"X");
                if wire.closes_within(Duration::from_millis(500)) {
                    return true;
                }
            }
            false
        });
        assert!(half.join().unwrap(), "half a head is waited for");
        assert!(dripping.join().unwrap(), "a head that comes in drops is waited for");
        assert!(silent.join().unwrap(), "a silent connection stays open");
    });
}

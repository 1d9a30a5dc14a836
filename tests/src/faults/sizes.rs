//! Bodies beyond the size limits.

use std::time::{Duration, Instant};

use serde_json::json;

use super::snapshot::snapshot;
use super::targets::Range;
use super::wire::Wire;
use crate::harness::{Org, server};

const MEBIBYTE: usize = 1_048_576;

/// A JSON object of exactly this many bytes.
fn object_of(bytes: usize) -> Vec<u8> {
    let frame = json!({ "subject": "" }).to_string().len();
    json!({ "subject": "a".repeat(bytes - frame) }).to_string().into_bytes()
}

#[test]
fn json_of_more_than_a_mebibyte_is_too_large_everywhere() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets() {
        let mut headers = range.headers(&target);
        headers.push(("Content-Type", "application/json"));
        let send = |bytes: usize| {
            target.client.send(&target.operation.method, &target.path, &headers, Some(object_of(bytes)))
        };
        send(MEBIBYTE + 1).refused(413, "payload_too_large");
        send(MEBIBYTE).refused(422, "validation_failed");
    }
    assert_eq!(snapshot(&range.org), before);
}

fn head(org: &Org, path: &str, more: &str) -> String {
    let token = org.owner.client.token.as_deref().unwrap();
    format!(
        "POST /api/v1{} HTTP/1.1\r\nHost: steward\r\nAuthorization: Bearer {token}\r\n{more}\r\n\r\n",
        org.path(path)
    )
}

#[test]
fn a_size_that_is_only_announced_is_refused_at_once() {
    let org = Org::new();
    let before = snapshot(&org);
    let json = "Content-Type: application/json";
    let form = "Content-Type: multipart/form-data; boundary=x";
    for (path, media_type, bytes) in [
        ("/tickets", json, "1048577"),
        ("/tickets", json, "10737418240"),
        ("/tickets", json, "18446744073709551615"),
        ("/attachments", form, "10737418240"),
        ("/attachments", form, "10600000"),
    ] {
        let started = Instant::now();
        let request = head(&org, path, &format!("{media_type}\r\nContent-Length: {bytes}"));
        let answer = Wire::exchange(&server().base, request.as_bytes())
            .unwrap_or_else(|| panic!("no answer to {bytes} at {path}"));
        answer.refused(413, "payload_too_large");
        assert!(started.elapsed() < Duration::from_secs(2), "{path} {bytes}: after {:?}", started.elapsed());
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn chunks_without_an_end_are_cut_off() {
    let org = Org::new();
    let before = snapshot(&org);
    let mut wire = Wire::open(&server().base);
    wire.send(
        head(&org, "/tickets", "Content-Type: application/json\r\nTransfer-Encoding: chunked").as_bytes(),
    );
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(65_536));
    let sent = (0..400).take_while(|_| wire.send(chunk.as_bytes())).count();
    let answer = wire.answer(Duration::from_secs(5));
    assert!(sent < 400 || answer.is_some(), "26 MB were taken without a word");
    if let Some(answer) = answer {
        answer.refused(413, "payload_too_large");
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn many_small_chunks_are_one_body() {
    let org = Org::new();
    let body =
        json!({ "subject": "In pieces", "details": "d", "urgency": "low", "location_id": org.downtown })
            .to_string();
    let mut wire = Wire::open(&server().base);
    wire.send(
        head(&org, "/tickets", "Content-Type: application/json\r\nTransfer-Encoding: chunked").as_bytes(),
    );
    for byte in body.chars() {
        wire.send(format!("1\r\n{byte}\r\n").as_bytes());
    }
    wire.send(b"0\r\n\r\n");
    let answer = wire.answer(Duration::from_secs(10)).unwrap();
    assert_eq!((answer.status, &answer.body()["subject"]), (201, &json!("In pieces")), "{answer:?}");
}

#[test]
fn a_stranger_gets_no_megabyte_read() {
    let started = Instant::now();
    let request = "POST /api/v1/orgs/0198c1f2-b7a0-7c3f-8d5e-000000000000/attachments HTTP/1.1\r\nHost: steward\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 10000000\r\n\r\n";
    let answer = Wire::exchange(&server().base, request.as_bytes()).unwrap();
    answer.refused(401, "unauthenticated");
    assert!(started.elapsed() < Duration::from_secs(2));
    // Nor does a member of another organization.
    let (org, foreign) = (Org::new(), Org::new());
    let request = head(
        &org,
        "/attachments",
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 10000000",
    )
    .replace(&org.id, &foreign.id);
    let answer = Wire::exchange(&server().base, request.as_bytes()).unwrap();
    answer.refused(404, "not_found");
}

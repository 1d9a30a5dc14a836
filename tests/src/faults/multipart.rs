//! Multipart bodies that are not a single file.

use std::time::{Duration, Instant};

use super::snapshot::{reports_fault, snapshot};
use crate::harness::{Org, Reply};

const FORM: &str = "multipart/form-data; boundary=x";

fn send(org: &Org, media_type: &str, body: &[u8]) -> Reply {
    org.rbt.client.send(
        "POST",
        &org.path("/attachments"),
        &[("Content-Type", media_type)],
        Some(body.to_vec()),
    )
}

fn part(head: &str, text: &str) -> String {
    format!("--x\r\n{head}\r\n\r\n{text}\r\n")
}

fn file(text: &str) -> String {
    part("Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"", text)
}

#[test]
fn a_body_that_is_not_multipart_is_refused() {
    let org = Org::new();
    let before = snapshot(&org);
    for media_type in [
        "application/json",
        "text/plain",
        "application/octet-stream",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded",
    ] {
        send(&org, media_type, (file("text") + "--x--\r\n").as_bytes())
            .refused(415, "unsupported_media_type");
    }
    let reply = org.rbt.client.send("POST", &org.path("/attachments"), &[], Some(b"text".to_vec()));
    reply.refused(415, "unsupported_media_type");
    assert_eq!(snapshot(&org), before);
}

#[test]
fn one_part_named_file_is_all_there_may_be() {
    let org = Org::new();
    let before = snapshot(&org);
    let end = "--x--\r\n";
    let other = part("Content-Disposition: form-data; name=\"ticket_id\"", "1");
    let cases = [
        (end.to_owned(), "#/file", "required"),
        (String::new(), "#/file", "required"),
        (other.clone() + end, "#/ticket_id", "unknown_field"),
        (other.clone() + &file("text") + end, "#/ticket_id", "unknown_field"),
        (file("text") + &other + end, "#", "too_many"),
        (file("one") + &file("two") + end, "#", "too_many"),
        (part("Content-Disposition: form-data; name=\"File\"", "text") + end, "#/File", "unknown_field"),
    ];
    for (body, place, code) in cases {
        let reply = send(&org, FORM, body.as_bytes());
        if body.is_empty() && reply.status == 400 {
            continue; // Neither an end nor a part.
        }
        let problem = reply.refused(422, "validation_failed");
        assert!(reports_fault(&problem, place, &[code]), "{body:?}: {problem}");
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn broken_frames_are_malformed() {
    let org = Org::new();
    let before = snapshot(&org);
    let whole = file("text");
    let broken = [
        (FORM, whole.clone()),
        (FORM, whole.trim_end().to_owned()),
        (FORM, whole.clone() + "--x"),
        (FORM, "no boundary at all".to_owned()),
        (FORM, "--y\r\n".to_owned() + &whole.replace("--x", "--y") + "--y--\r\n"),
        (FORM, part("Content-Disposition: form-data; filename=\"a.txt\"", "no name") + "--x--\r\n"),
        (FORM, part("Content-Type: text/plain", "no disposition") + "--x--\r\n"),
        (FORM, "--x\r\nContent-Disposition: form-data; name=\"file\"".to_owned()),
        (FORM, part("not a header", "text") + "--x--\r\n"),
        ("multipart/form-data", whole.clone() + "--x--\r\n"),
        ("multipart/form-data; boundary=", whole.clone() + "--x--\r\n"),
    ];
    for (media_type, body) in broken {
        let reply = send(&org, media_type, body.as_bytes());
        let refused = (reply.status, reply.code());
        let expected = [(400, "malformed_request"), (422, "validation_failed")];
        assert!(expected.contains(&refused), "{media_type} {body:?}: {reply}");
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn bombs_are_refused_within_a_second_or_two() {
    let org = Org::new();
    let before = snapshot(&org);
    let small = part("Content-Disposition: form-data; name=\"a\"", "b");
    let names = format!("Content-Disposition: form-data; name=\"{}\"", "n".repeat(1_000_000));
    let header = format!(
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nX-Long: {}",
        "a".repeat(1_000_000)
    );
    let headers = format!("Content-Disposition: form-data; name=\"file\"{}", "\r\nX-Many: a".repeat(10_000));
    let bombs = [
        small.repeat(10_000) + "--x--\r\n",
        file("text") + &small.repeat(10_000) + "--x--\r\n",
        file("text").repeat(10_000) + "--x--\r\n",
        part(&names, "text") + "--x--\r\n",
        part(&header, "text") + "--x--\r\n",
        part(&headers, "text") + "--x--\r\n",
        "--x\r\n".repeat(100_000),
        "a".repeat(5_000_000),
    ];
    for bomb in bombs {
        let started = Instant::now();
        let reply = send(&org, FORM, bomb.as_bytes());
        let shown: String = bomb.chars().take(80).collect();
        assert!([400, 413, 422].contains(&reply.status), "{shown:?}: {reply}");
        assert!(started.elapsed() < Duration::from_secs(2), "{shown:?}: after {:?}", started.elapsed());
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn a_boundary_inside_the_file_is_part_of_the_file() {
    let org = Org::new();
    let text = "a line\r\n--xx\r\n-- x\r\n--\r\n";
    let reply = send(&org, FORM, (file(text) + "--x--\r\n").as_bytes());
    if reply.status == 201 {
        let id = reply.body["id"].as_str().unwrap();
        assert_eq!(
            org.rbt.client.get(&org.path(&format!("/attachments/{id}/content"))).bytes,
            text.as_bytes()
        );
    } else {
        // `--xx` begins like the boundary; a refusal is fine, a mix-up is not.
        reply.refused(400, "malformed_request");
    }
}

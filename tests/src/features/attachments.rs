//! Files: R8, S004-8, S004-20.

use serde_json::json;

use super::helpers::*;
use crate::harness::{Org, Person};

const GREATEST: usize = 10_485_760;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

fn uploads(org: &Org, person: &Person, how_many: usize) -> Vec<String> {
    (0..how_many).map(|n| upload(org, person, &format!("{n}.txt"), &format!("file {n}"))).collect()
}

fn is_pending(org: &Org, person: &Person, file: &str) -> bool {
    person.client.get(&org.path(&format!("/attachments/{file}"))).expect(200)["ticket_id"].is_null()
}

#[test]
fn s004_08_r08_five_files_go_with_each_submission() {
    let org = shared();
    let opening = uploads(org, &org.rbt, 5);
    let ticket = org.ticket_with(&org.rbt, json!({"attachment_ids": opening})).expect(201);
    let ids: Vec<String> = ticket["attachments"].as_array().unwrap().iter().map(|f| text(f, "id")).collect();
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>(), opening.iter().collect());
    for (person, visibility) in [(&org.rbt, "public"), (&org.manager, "public"), (&org.manager, "internal")] {
        let body =
            json!({"body": "See.", "visibility": visibility, "attachment_ids": uploads(org, person, 5)});
        let posted = person.client.post(&ticket_path(org, &ticket, "/messages"), body).expect(201);
        assert_eq!(posted["attachments"].as_array().unwrap().len(), 5);
    }
    assert_eq!(
        read(org, &org.manager, &ticket)["attachments"].as_array().unwrap().len(),
        5,
        "those of messages are with the messages"
    );
}

#[test]
fn s004_08_the_form_states_the_effective_limits() {
    let limits = shared().rbt.client.get(&shared().path("/ticket-form")).expect(200)["limits"].clone();
    assert_eq!((&limits["max_attachments"], &limits["max_attachment_bytes"]), (&json!(5), &json!(GREATEST)));
    assert_eq!(limits["min_attachment_bytes"], 1);
}

#[test]
fn s004_08_the_sixth_file_is_refused_and_nothing_stored() {
    let org = Org::new();
    let six = uploads(&org, &org.rbt, 6);
    let problem = org.ticket_with(&org.rbt, json!({"attachment_ids": six})).refused(422, "validation_failed");
    assert_eq!(faults(&problem), [("#/attachment_ids".to_owned(), "too_many".to_owned())].into());
    assert_eq!(count(&org, &org.owner, ""), 0);
    let ticket = org.ticket(&org.rbt);
    assert_eq!(ticket["number"], 1);
    let body = json!({"body": "See.", "visibility": "public", "attachment_ids": six});
    org.rbt.client.post(&ticket_path(&org, &ticket, "/messages"), body).refused(422, "validation_failed");
    assert_eq!(thread(&org, &org.manager, &ticket).len(), 0);
    assert!(six.iter().all(|file| is_pending(&org, &org.rbt, file)));
}

#[test]
fn s004_08_one_wrong_file_refuses_the_submission() {
    let (org, other) = (Org::new(), shared());
    let good = upload(&org, &org.rbt, "good.txt", "good");
    let used = upload(&org, &org.rbt, "used.txt", "used");
    let ticket = org.ticket_with(&org.rbt, json!({"attachment_ids": [used]})).expect(201);
    let wrong = [
        ("used", used),
        ("another's", upload(&org, &org.rbt2, "a.txt", "a")),
        ("staff's", upload(&org, &org.manager, "a.txt", "a")),
        ("another organization's", upload(other, &other.rbt, "a.txt", "a")),
        ("unknown", nobody()),
    ];
    for (what, file) in &wrong {
        let problem = org
            .ticket_with(&org.rbt, json!({"attachment_ids": [good, file]}))
            .refused(422, "reference_not_found");
        assert_eq!(places(&problem), set_of(&["#/attachment_ids"]), "{what}");
        let body = json!({"body": "See.", "visibility": "public", "attachment_ids": [good, file]});
        org.rbt
            .client
            .post(&ticket_path(&org, &ticket, "/messages"), body)
            .refused(422, "reference_not_found");
    }
    let twice = org.ticket_with(&org.rbt, json!({"attachment_ids": [good, good]}));
    assert_eq!((twice.status, places(&twice.body)), (422, set_of(&["#/attachment_ids"])));
    assert!(is_pending(&org, &org.rbt, &good));
    assert_eq!((count(&org, &org.owner, ""), thread(&org, &org.manager, &ticket).len()), (1, 0));
    org.ticket_with(&org.rbt, json!({"attachment_ids": [good]})).expect(201);
}

#[test]
fn s004_08_r08_a_file_has_one_to_ten_million_bytes() {
    let org = shared();
    let full = org.rbt.client.upload(&org.id, "full.txt", "text/plain", &vec![b'a'; GREATEST]).expect(201);
    assert_eq!(full["size_bytes"], json!(GREATEST));
    let content = org.rbt.client.get(&org.path(&format!("/attachments/{}/content", text(&full, "id"))));
    assert_eq!(content.bytes.len(), GREATEST);
    org.rbt
        .client
        .upload(&org.id, "over.txt", "text/plain", &vec![b'a'; GREATEST + 1])
        .refused(413, "payload_too_large");
    org.rbt
        .client
        .upload(&org.id, "way-over.txt", "text/plain", &vec![b'a'; GREATEST + 100_000])
        .refused(413, "payload_too_large");
    let problem =
        org.rbt.client.upload(&org.id, "empty.txt", "text/plain", b"").refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/file"]));
    let one = org.rbt.client.upload(&org.id, "one.txt", "text/plain", b"1").expect(201);
    assert_eq!(one["size_bytes"], 1);
}

#[test]
fn s004_20_the_type_is_found_in_the_bytes() {
    let org = shared();
    for (name, declared, bytes, expected) in [
        ("a.bin", "application/octet-stream", PNG, "image/png"),
        ("a.png", "image/png", PNG, "image/png"),
        ("a.txt", "text/plain", b"just text".as_slice(), "text/plain"),
        ("a.csv", "text/csv", b"a,b\n1,2\n", "text/plain"),
        ("a.pdf", "application/pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    ] {
        let file = org.rbt.client.upload(&org.id, name, declared, bytes).expect(201);
        assert_eq!((&file["content_type"], &file["filename"]), (&json!(expected), &json!(name)));
    }
}

#[test]
fn s004_20_active_content_programs_and_false_types_are_refused() {
    let org = shared();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
        .as_slice();
    let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>".as_slice();
    let script = b"#!/bin/sh\nrm -rf /\n".as_slice();
    let program = |head: &[u8]| [head, &[0; 200]].concat();
    let (exe, elf) = (
        program(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"),
        program(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0"),
    );
    for (declared, bytes) in [
        ("image/svg+xml", svg),
        ("image/png", svg),
        ("text/plain", svg),
        ("application/octet-stream", svg),
        ("text/html", page),
        ("text/plain", page),
        ("application/octet-stream", page),
        ("text/html", b"plain words that claim to be a page"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html/>"),
        ("application/octet-stream", b"<?xml version='1.0'?><html/>"),
        ("text/plain", script),
        ("application/octet-stream", script),
        ("application/octet-stream", &exe),
        ("application/octet-stream", &elf),
        ("image/png", b"just text"),
        ("text/plain", PNG),
        ("application/pdf", PNG),
        ("image/png", b"\0\x01\x02\x03\xff\xfe of no kind"),
    ] {
        org.rbt.client.upload(&org.id, "a.bin", declared, bytes).refused(415, "unsupported_file_type");
    }
    let unknown = org
        .rbt
        .client
        .upload(&org.id, "a.bin", "application/octet-stream", b"\0\x01\x02\xff of no kind")
        .expect(201);
    assert_eq!(unknown["content_type"], "application/octet-stream");
}

#[test]
fn s004_20_names_are_cleaned_and_files_are_downloads() {
    let org = shared();
    for (given, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\temp\\\\evil.txt", "evil.txt"),
        ("a\u{202e}txt.exe", "atxt.exe"),
        ("..", "file"),
        ("Ärger & Co.txt", "Ärger & Co.txt"),
    ] {
        let file = org.rbt.client.upload(&org.id, given, "text/plain", b"text").expect(201);
        assert_eq!(file["filename"], kept);
        let reply = org.rbt.client.get(&org.path(&format!("/attachments/{}/content", text(&file, "id"))));
        assert_eq!((reply.status, reply.bytes.as_slice()), (200, b"text".as_slice()));
        let disposition = reply.header("content-disposition").unwrap();
        assert!(
            disposition.starts_with("attachment; filename=\"") && disposition.contains("filename*=UTF-8''"),
            "{disposition}"
        );
        assert!(
            disposition.is_ascii() && !disposition.contains("..") && !disposition.contains('/'),
            "{disposition}"
        );
        assert_eq!(reply.header("x-content-type-options").as_deref(), Some("nosniff"));
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
        assert!(reply.header("cache-control").unwrap().contains("private"));
        assert_eq!(reply.header("content-type").as_deref(), Some("application/octet-stream"));
    }
    let long = org
        .rbt
        .client
        .upload(&org.id, &format!("{}.txt", "x".repeat(300)), "text/plain", b"text")
        .expect(201);
    assert!(text(&long, "filename").chars().count() <= 150);
}

#[test]
fn s004_20_a_pending_file_is_visible_only_to_its_uploader() {
    let org = shared();
    let file = upload(org, &org.rbt, "mine.txt", "mine");
    let path = org.path(&format!("/attachments/{file}"));
    for person in [&org.rbt2, &org.manager, &org.owner] {
        let seen = as_seen(&person.client.get(&path));
        assert_eq!(seen, as_seen(&person.client.get(&org.path(&format!("/attachments/{}", nobody())))));
        person.client.get(&format!("{path}/content")).refused(404, "not_found");
        person.client.delete(&path).refused(404, "not_found");
        org.ticket_with(person, json!({"attachment_ids": [file]})).refused(422, "reference_not_found");
    }
    assert!(is_pending(org, &org.rbt, &file));
    org.rbt.client.delete(&path).expect(204);
    org.rbt.client.delete(&path).refused(404, "not_found");
    org.rbt.client.get(&format!("{path}/content")).refused(404, "not_found");
    org.ticket_with(&org.rbt, json!({"attachment_ids": [file]})).refused(422, "reference_not_found");
}

#[test]
fn s004_20_a_files_visibility_is_that_of_its_ticket() {
    let org = shared();
    let file = upload(org, &org.rbt, "mine.txt", "mine");
    let ticket = org.ticket_with(&org.rbt, json!({"attachment_ids": [file]})).expect(201);
    let path = org.path(&format!("/attachments/{file}"));
    for (person, status) in
        [(&org.rbt, 200), (&org.manager, 200), (&org.owner, 200), (&org.rbt2, 404), (&org.bcba, 404)]
    {
        assert_eq!(person.client.get(&path).status, status);
        assert_eq!(person.client.get(&format!("{path}/content")).status, status);
    }
    for person in [&org.rbt, &org.manager] {
        person.client.delete(&path).refused(409, "conflict");
    }
    close(org, &ticket);
    assert_eq!(org.rbt.client.get(&format!("{path}/content")).bytes, b"mine");
    assert_eq!(org.rbt.client.get(&path).expect(200)["ticket_id"], ticket["id"]);
}

#[test]
fn s004_20_files_of_notes_are_for_staff() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let file = upload(org, &org.manager, "secret.txt", "secret");
    let body = json!({"body": "See.", "visibility": "internal", "attachment_ids": [file]});
    org.manager.client.post(&ticket_path(org, &ticket, "/messages"), body).expect(201);
    let path = org.path(&format!("/attachments/{file}"));
    for (person, status) in [(&org.rbt, 404), (&org.rbt2, 404), (&org.owner, 200), (&org.manager, 200)] {
        assert_eq!(person.client.get(&path).status, status);
        assert_eq!(person.client.get(&format!("{path}/content")).status, status);
    }
    assert_eq!(read(org, &org.rbt, &ticket)["attachments"], json!([]));
}

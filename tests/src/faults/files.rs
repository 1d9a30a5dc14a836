//! Files that are too large, empty, too many, or of another type than declared.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::snapshot::snapshot;
use super::wire::Wire;
use crate::harness::{Org, OwnServer};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89";
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04";
const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n";
const HTML: &[u8] = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"></svg>";
const GREATEST: usize = 10_485_760;

/// Name, declared type and bytes of files that are refused.
fn refused() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut polyglot = GIF.to_vec();
    polyglot.extend_from_slice(HTML);
    let elf =
        [b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00", [0; 60].as_slice()]
            .concat();
    let exe =
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8\x00\x00\x00\x00\x00\x00\x00\x40\x00"
            .to_vec();
    vec![
        ("page.html", "text/html", HTML.to_vec()),
        ("page.png", "image/png", HTML.to_vec()),
        ("page.txt", "text/plain", HTML.to_vec()),
        ("page.bin", "application/octet-stream", HTML.to_vec()),
        ("late.txt", "text/plain", [b"   \n\n", HTML].concat()),
        ("marked.txt", "text/plain", [b"\xef\xbb\xbf", HTML].concat()),
        ("image.txt", "text/plain", PNG.to_vec()),
        ("image.gif", "image/gif", PNG.to_vec()),
        ("paper.png", "image/png", PDF.to_vec()),
        ("image.pdf", "application/pdf", PNG.to_vec()),
        ("drawing.svg", "image/svg+xml", SVG.to_vec()),
        ("drawing.png", "image/png", SVG.to_vec()),
        ("drawing.txt", "text/plain", SVG.to_vec()),
        ("xml.svg", "image/svg+xml", [b"<?xml version=\"1.0\"?>\n", SVG].concat()),
        (
            "page.xhtml",
            "application/xhtml+xml",
            b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>".to_vec(),
        ),
        ("both.html", "text/html", polyglot),
        ("program.exe", "application/vnd.microsoft.portable-executable", exe.clone()),
        ("program.png", "image/png", exe.clone()),
        ("program.txt", "text/plain", exe.clone()),
        ("program.bin", "application/octet-stream", exe),
        ("program", "application/octet-stream", elf.clone()),
        ("program.pdf", "application/pdf", elf),
        ("script.sh", "text/plain", b"#!/bin/sh\nrm -rf /\n".to_vec()),
        ("script.php", "text/plain", b"<?php system($_GET['c']); ?>".to_vec()),
        ("script.js", "text/javascript", b"alert(1)".to_vec()),
        ("library.wasm", "application/wasm", b"\x00asm\x01\x00\x00\x00".to_vec()),
        ("java.class", "application/octet-stream", b"\xca\xfe\xba\xbe\x00\x00\x00\x34".to_vec()),
        ("drawing.bin", "application/octet-stream", SVG.to_vec()),
        ("script.bin", "application/octet-stream", b"<?php system($_GET['c']); ?>".to_vec()),
        ("noise.png", "image/png", vec![0, 159, 146, 150, 0, 1, 2, 3]),
        ("noise.txt", "text/plain", vec![0, 159, 146, 150, 0, 1, 2, 3]),
        ("latin.txt", "text/plain", b"caf\xe9 in latin-1".to_vec()),
        ("nul.txt", "text/plain", b"text with a \0 in it".to_vec()),
        ("long.txt", "text/plain", [vec![b'a'; 20_000], vec![0xff, 0xfe]].concat()),
        ("image.png", "nonsense/really", PNG.to_vec()),
    ]
}

/// The files below a folder, however deep.
fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_below(&entry.path()) } else { 1 }).sum()
}

#[test]
fn refused_files_are_415_and_leave_no_byte() {
    let own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let before = snapshot(&org);
    let folder = own.data_dir().join("attachments");
    for (name, media_type, bytes) in refused() {
        let reply = org.rbt.client.upload(&org.id, name, media_type, &bytes);
        assert!(
            reply.status == 415 && reply.code() == "unsupported_file_type",
            "{name} as {media_type}: {reply}"
        );
    }
    let empty = org.rbt.client.upload(&org.id, "empty.txt", "text/plain", b"");
    assert!(empty.status == 422, "{empty}");
    assert_eq!(empty.body["errors"][0]["pointer"], "#/file", "{empty}");
    org.rbt
        .client
        .upload(&org.id, "a.txt", "text/plain", &vec![b'a'; GREATEST + 1])
        .refused(413, "payload_too_large");
    org.rbt
        .client
        .upload(&org.id, "a.txt", "text/plain", &vec![b'a'; GREATEST * 2])
        .refused(413, "payload_too_large");
    break_off(&own, &org);
    assert_eq!(snapshot(&org), before);
    assert_eq!(files_below(&folder), 0, "bytes are left in {}", folder.display());
    // Accepted files are there, each once.
    let kept = org.rbt.client.upload(&org.id, "image.png", "image/png", PNG).expect(201);
    assert_eq!(files_below(&folder), 1);
    org.rbt.client.delete(&org.path(&format!("/attachments/{}", kept["id"].as_str().unwrap()))).expect(204);
    org.rbt
        .client
        .get(&org.path(&format!("/attachments/{}", kept["id"].as_str().unwrap())))
        .refused(404, "not_found");
}

/// Sends half of a file, and disconnects.
fn break_off(own: &OwnServer, org: &Org) {
    let token = org.rbt.client.token.as_deref().unwrap();
    let head = format!(
        "POST /api/v1{} HTTP/1.1\r\nHost: s\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n",
        org.path("/attachments")
    );
    let mut wire = Wire::open(&own.base);
    wire.send(head.as_bytes());
    wire.send(&vec![b'a'; 2_000_000]);
    wire.half_close();
    let answer = wire.answer(std::time::Duration::from_secs(5));
    assert!(answer.as_ref().is_none_or(|a| a.status == 400), "{answer:?}");
    drop(wire);
    let folder = own.data_dir().join("attachments");
    for _ in 0..50 {
        if files_below(&folder) == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn a_file_of_exactly_the_maximum_size_is_saved_and_returned() {
    let org = Org::new();
    let bytes: Vec<u8> = (0..GREATEST).map(|n| b"0123456789abcdef\n"[n % 17]).collect();
    let file = org.rbt.client.upload(&org.id, "large.txt", "text/plain", &bytes).expect(201);
    assert_eq!((&file["size_bytes"], &file["content_type"]), (&json!(GREATEST), &json!("text/plain")));
    let content = org.path(&format!("/attachments/{}/content", file["id"].as_str().unwrap()));
    let read = org.rbt.client.get(&content);
    assert!(read.status == 200 && read.bytes == bytes, "the bytes differ");
}

#[test]
fn a_similar_declared_type_is_accepted_and_the_bytes_decide() {
    let org = Org::new();
    let taken: [(&str, &str, &[u8], &str); 8] = [
        ("a.png", "image/png", PNG, "image/png"),
        ("a.bin", "application/octet-stream", PNG, "image/png"),
        ("a.pdf", "application/pdf", PDF, "application/pdf"),
        ("a.txt", "text/plain; charset=utf-8", "gr\u{fc}n \u{1f600}".as_bytes(), "text/plain"),
        ("a.csv", "text/csv", b"a;b\n1;2\n", "text/plain"),
        ("a.json", "application/json", b"{\"a\": 1}", "text/plain"),
        ("a", "application/octet-stream", b"x", "text/plain"),
        (
            "noise.bin",
            "application/octet-stream",
            &[0, 159, 146, 150, 0, 1, 2, 3],
            "application/octet-stream",
        ),
    ];
    for (name, claim, bytes, stored) in taken {
        let file = org.rbt.client.upload(&org.id, name, claim, bytes).expect(201);
        assert_eq!(
            (&file["content_type"], &file["size_bytes"]),
            (&json!(stored), &json!(bytes.len())),
            "{name}"
        );
    }
}

#[test]
fn a_sixth_file_is_refused_with_everything_it_came_with() {
    let org = Org::new();
    let upload =
        || org.owner.client.upload(&org.id, "a.txt", "text/plain", b"text").expect(201)["id"].clone();
    let six: Vec<_> = (0..6).map(|_| upload()).collect();
    let ticket = org.ticket_with(&org.owner, json!({ "urgency": "low" })).expect(201);
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let before = snapshot(&org);
    let with =
        |ids: &[serde_json::Value]| json!({ "body": "Files", "visibility": "public", "attachment_ids": ids });
    org.ticket_with(&org.owner, json!({ "urgency": "low", "attachment_ids": six }))
        .refused(422, "validation_failed");
    org.owner.client.post(&format!("{path}/messages"), with(&six)).refused(422, "validation_failed");
    assert_eq!(snapshot(&org), before);
    // The refusal used up none of them.
    let message = org.owner.client.post(&format!("{path}/messages"), with(&six[..5])).expect(201);
    assert_eq!(message["attachments"].as_array().unwrap().len(), 5);
    org.owner
        .client
        .delete(&org.path(&format!("/attachments/{}", six[0].as_str().unwrap())))
        .refused(409, "conflict");
}

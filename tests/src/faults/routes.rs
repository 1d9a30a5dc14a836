//! Paths and methods that are not in the document.

use std::collections::{BTreeMap, BTreeSet};

use super::places::Places;
use super::snapshot::snapshot;
use super::targets::Range;
use crate::harness::document::document;
use crate::harness::{Client, Org};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"];

#[test]
fn another_method_is_405_and_lists_the_allowed_ones() {
    let range = Range::new();
    let places = Places::of(&range);
    let before = snapshot(&range.org);
    let mut offered: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for operation in document().operations.values() {
        offered.entry(&operation.path).or_default().insert(operation.method.clone());
    }
    for (pattern, methods) in &offered {
        let path = places.fill(pattern);
        for method in METHODS.iter().filter(|method| !methods.contains(**method)) {
            for client in [&range.org.owner.client, &Client::anonymous()] {
                let reply = client.send(method, &path, &[], None);
                let allow = reply.header("Allow").unwrap_or_default();
                assert!(
                    reply.status == 405 && reply.code() == "method_not_allowed",
                    "{method} {pattern}: {reply}"
                );
                let allowed: BTreeSet<String> = allow.split(',').map(|m| m.trim().to_owned()).collect();
                assert_eq!(&allowed, methods, "{method} {pattern}");
            }
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn an_unknown_path_is_404_with_and_without_a_log_in() {
    let org = Org::new();
    let unknown = [
        "/nothing".to_owned(),
        "/".to_owned(),
        String::new(),
        "/me/".to_owned(),
        "/users/".to_owned(),
        "/orgs/".to_owned(),
        org.path("/nothing"),
        org.path("/tickets/"),
        org.path("//tickets"),
        org.path("/me"),
        org.path("/Tickets"),
        "/metrics".to_owned(),
        "/healthz".to_owned(),
        "!/".to_owned(),
        "!/api".to_owned(),
        "!/api/v2/me".to_owned(),
        "!/API/v1/me".to_owned(),
        "!/metrics".to_owned(),
        "!/.env".to_owned(),
        "!/.git/config".to_owned(),
        "!/etc/passwd".to_owned(),
        "!/steward-data/signing-key".to_owned(),
        "!/problems/no_such_code".to_owned(),
    ];
    for path in unknown {
        for client in [&org.owner.client, &Client::anonymous()] {
            for method in ["GET", "POST", "DELETE"] {
                let reply = client.send(method, &path, &[], None);
                assert!(reply.status == 404, "{method} {path}: {reply}");
                assert_eq!(reply.code(), "not_found", "{method} {path}: {reply}");
            }
        }
    }
}

#[test]
fn an_answer_reveals_nothing_of_the_server() {
    let org = Org::new();
    let ticket = org.path("/tickets/0198c1f2-b7a0-7c3f-8d5e-000000000000");
    let replies = [
        org.owner.client.get("/nothing"),
        org.owner.client.get(&ticket),
        org.owner.client.get(&org.path("/tickets?q=%00")),
        Client::anonymous().get("/me"),
        org.owner.client.send(
            "POST",
            &org.path("/tickets"),
            &[("Content-Type", "application/json")],
            Some(b"{".to_vec()),
        ),
    ];
    for reply in replies {
        let text = String::from_utf8_lossy(&reply.bytes).to_lowercase();
        for word in [
            "actix", "serde", "diesel", "sqlite", "postgres", "panicked", ".rs", "/src/", "select ", "rust",
            "0.1.0",
        ] {
            assert!(!text.contains(word), "{word}: {reply}");
        }
        for name in ["Server", "X-Powered-By"] {
            let told = reply.header(name).unwrap_or_default();
            assert!(!told.contains(|c: char| c.is_ascii_digit()), "{name}: {told}");
        }
    }
}

//! Texts that are blank, too long, or contain what a database can't store.

use serde_json::{Value, json};

use super::snapshot::{reports_fault, snapshot};
use super::targets::{Range, Target};
use crate::harness::{Org, Reply};

/// Characters that don't make a text by themselves: white space of all kinds.
const WHITE_SPACE: [&str; 13] = [
    " ",
    "\t\r\n",
    "\u{b}\u{c}",
    "\u{85}",
    "\u{a0}",
    "\u{1680}",
    "\u{2003}\u{2009}",
    "\u{2028}",
    "\u{2029}",
    "\u{202f}",
    "\u{205f}",
    "\u{3000}",
    " \u{a0}\u{3000}\n",
];
/// Invisible characters.
const INVISIBLE: [&str; 7] = [
    "\u{200b}",
    "\u{200d}\u{200e}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{180e}",
    "\u{202a}\u{202c}\u{2066}\u{2069}",
];

fn send(range: &Range, target: &Target, body: &Value) -> Reply {
    target.client.send_json(&target.operation.method, &target.path, &range.headers(target), body)
}

/// The operations with their free-text fields, and the maximum length of each.
fn texts(range: &Range) -> Vec<(Target, &'static str, usize)> {
    let mut found = Vec::new();
    for target in range.targets() {
        let members = target.members();
        for (name, schema) in members {
            let is_free =
                schema["type"] == "string" && schema["format"].is_null() && schema["enum"].is_null();
            if let Some(most) = schema["maxLength"].as_u64().filter(|_| is_free) {
                let again =
                    range.targets().into_iter().find(|t| t.operation.id == target.operation.id).unwrap();
                found.push((again, name, usize::try_from(most).unwrap()));
            }
        }
    }
    assert!(found.len() > 20, "too few texts were found: {}", found.len());
    found
}

#[test]
fn every_text_of_the_document_is_bounded() {
    for target in Range::new().targets() {
        for (name, schema) in target.members() {
            if schema["type"] == "string" && schema["format"].is_null() && schema["enum"].is_null() {
                assert!(
                    schema["maxLength"].is_u64(),
                    "{} {name} has no greatest length",
                    target.operation.id
                );
            }
            if schema["type"] == "array" {
                assert!(
                    schema["maxItems"].is_u64(),
                    "{} {name} has no greatest number of items",
                    target.operation.id
                );
            }
        }
    }
}

#[test]
fn blank_text_is_refused_whatever_the_blanks() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for (target, name, _) in texts(&range) {
        let place = format!("#/{name}");
        for blank in WHITE_SPACE {
            let problem =
                send(&range, &target, &target.with(name, json!(blank))).refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, &place, &["blank"]),
                "{} {name} {blank:?}: {problem}",
                target.operation.id
            );
        }
        for blank in INVISIBLE {
            let problem =
                send(&range, &target, &target.with(name, json!(blank))).refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, &place, &["blank", "invalid"]),
                "{} {name} {blank:?}: {problem}",
                target.operation.id
            );
        }
        let problem = send(&range, &target, &target.with(name, json!(""))).refused(422, "validation_failed");
        assert!(
            reports_fault(&problem, &place, &["blank", "too_short", "invalid"]),
            "{} {name}: {problem}",
            target.operation.id
        );
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn the_null_character_is_refused_everywhere() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for (target, name, _) in texts(&range) {
        for text in ["a\0b", "\0", "text at the end\0"] {
            let problem =
                send(&range, &target, &target.with(name, json!(text))).refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, &format!("#/{name}"), &["invalid", "blank"]),
                "{} {name} {text:?}: {problem}",
                target.operation.id
            );
        }
    }
    let org = &range.org;
    for (name, value) in [("roles", json!(["rbt\0"])), ("email", json!("a\0b@range.example"))] {
        let mut body = json!({ "email": "fine@range.example", "name": "Fine", "roles": ["rbt"] });
        body[name] = value;
        org.owner.client.post(&org.path("/members"), body).refused(422, "validation_failed");
    }
    let nested =
        json!({ "name": "N", "slug": "n-n", "first_admin": { "email": "a@b.example", "name": "a\0" } });
    let problem =
        crate::harness::platform_owner().client.post("/orgs", nested).refused(422, "validation_failed");
    assert!(reports_fault(&problem, "#/first_admin/name", &["invalid"]), "{problem}");
    for query in ["q=a%00b", "cursor=%00"] {
        org.owner.client.get(&org.path(&format!("/tickets?{query}"))).refused(422, "validation_failed");
    }
    org.owner.client.get(&org.path("/members?q=a%00b")).refused(422, "validation_failed");
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn text_of_one_character_too_many_is_refused() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for (target, name, most) in texts(&range) {
        for character in ["a", "\u{e4}", "\u{1f600}"] {
            let body = target.with(name, json!(character.repeat(most + 1)));
            let problem = send(&range, &target, &body).refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, &format!("#/{name}"), &["too_long"]),
                "{} {name}: {problem}",
                target.operation.id
            );
        }
        let megabyte = target.with(name, json!("a".repeat(1_000_000)));
        send(&range, &target, &megabyte).refused(422, "validation_failed");
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn a_text_of_maximum_length_is_saved_as_sent() {
    let org = Org::new();
    let longest =
        json!({ "subject": "\u{1f600}".repeat(200), "details": "\u{e4}".repeat(20_000), "urgency": "low" });
    let ticket = org.ticket_with(&org.rbt, longest.clone()).expect(201);
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let read = org.rbt.client.get(&path).expect(200);
    assert_eq!((&read["subject"], &read["details"]), (&longest["subject"], &longest["details"]));
    let body = json!({ "body": "\u{20ac}".repeat(20_000), "visibility": "public" });
    let message = org.rbt.client.post(&format!("{path}/messages"), body.clone()).expect(201);
    assert_eq!(message["body"], body["body"]);
}

#[test]
fn harmless_but_strange_text_comes_back_as_it_went() {
    let org = Org::new();
    let strange = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE tickets; --",
        "%00 %s %n {{7*7}} ${jndi:ldap://x}",
        "\u{202e}desrever",
        "e\u{301} and \u{e9}",
        "\u{1}\u{7f}\u{9f} control",
        "  spaces around  ",
        "\u{fffd}\u{fffe}\u{10ffff}",
    ];
    // A subject is one visible line without surrounding blanks; the details are saved as written.
    let is_line = |text: &str| !text.contains(|c: char| c.is_control() || c == '\u{202e}');
    for text in strange {
        let subject = if is_line(text) { text } else { "Strange" };
        let ticket = org
            .ticket_with(&org.rbt, json!({ "subject": subject, "details": text, "urgency": "low" }))
            .expect(201);
        let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
        let read = org.rbt.client.get(&path).expect(200);
        assert_eq!((&read["subject"], &read["details"]), (&json!(subject.trim()), &json!(text)));
    }
}

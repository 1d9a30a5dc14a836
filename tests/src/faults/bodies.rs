//! Bodies that are not JSON, not an object, or of an unknown media type.

use serde_json::{Value, json};

use super::snapshot::{reports_fault, snapshot};
use super::targets::{Range, Target};

/// Sends bytes to an operation as what it takes.
fn send(range: &Range, target: &Target, media_type: Option<&str>, body: &[u8]) -> crate::harness::Reply {
    let mut headers = range.headers(target);
    headers.extend(media_type.map(|name| ("Content-Type", name)));
    target.client.send(&target.operation.method, &target.path, &headers, Some(body.to_vec()))
}

fn no_json() -> Vec<Vec<u8>> {
    let texts = [
        "{",
        "}",
        "nothing",
        "{\"subject\": }",
        "{\"subject\": \"a\",}",
        "{'subject': 'a'}",
        "{\"subject\": \"a\"} {}",
        "[1,]",
        "{\"a\": NaN}",
        "{\"a\": 01}",
        "{\"a\": \"line\nbreak\"}",
        "\u{feff}{}",
        "{\"a\": \"\\x\"}",
        "   ",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn a_body_that_is_not_json_is_malformed_everywhere() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets() {
        for body in no_json() {
            let problem =
                send(&range, &target, Some("application/json"), &body).refused(400, "malformed_json");
            assert_eq!(problem["errors"], json!([]), "{}", target.operation.id);
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn doubled_members_and_text_that_is_no_unicode_are_malformed_json() {
    let range = Range::new();
    let before = snapshot(&range.org);
    let bodies: [&[u8]; 9] = [
        b"{\"subject\": \"a\", \"subject\": \"b\"}",
        b"{\"subject\": \"a\", \"sub\\u006aect\": \"b\"}",
        b"{\"x\": {\"a\": 1, \"a\": 2}}",
        b"{\"subject\": \"\xff\"}",
        b"{\"subject\": \"\xc0\x80\"}",
        b"{\"subject\": \"\xed\xa0\x80\"}",
        b"{\"subject\": \"\\ud800\"}",
        b"{\"subject\": \"\\udc00 first\"}",
        b"\xff\xfe{\x00}\x00",
    ];
    for target in range.targets() {
        for body in bodies {
            let reply = send(&range, &target, Some("application/json"), body);
            assert!(!reply.bytes.windows(2).any(|w| w == b"\xff\xfe"), "the bytes are repeated");
            reply.refused(400, "malformed_json");
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn a_hundred_thousand_brackets_are_refused_and_a_hundred_levels_are_read() {
    let range = Range::new();
    let before = snapshot(&range.org);
    let deep = |open: &str, close: &str, levels: usize| open.repeat(levels) + &close.repeat(levels);
    for target in range.targets() {
        for body in
            ["[".repeat(100_000), "{\"a\":".repeat(100_000), deep("[", "]", 100_000), deep("[", "]", 1_000)]
        {
            send(&range, &target, Some("application/json"), body.as_bytes()).refused(400, "malformed_json");
        }
        let nested: Value = serde_json::from_str(&deep("[", "]", 100)).unwrap();
        let body = target.with("nested", nested).to_string();
        let problem = send(&range, &target, Some("application/json"), body.as_bytes())
            .refused(422, "validation_failed");
        assert!(reports_fault(&problem, "#/nested", &["unknown_field"]), "{problem}");
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn numbers_that_nothing_can_hold_are_refused() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets() {
        for number in ["9".repeat(400), format!("-{}", "9".repeat(400)), "1e999".to_owned()] {
            let body = format!("{{\"subject\": {number}}}");
            send(&range, &target, Some("application/json"), body.as_bytes()).refused(400, "malformed_json");
        }
        for number in ["1e300", "12345678901234567890123", "-0.0", "3.5"] {
            let body = format!("{{\"priority\": {number}}}");
            send(&range, &target, Some("application/json"), body.as_bytes())
                .refused(422, "validation_failed");
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn a_body_that_is_no_object_is_of_the_wrong_type() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets() {
        for body in ["[]", "null", "7", "\"text\"", "true", "[{}]"] {
            let problem = send(&range, &target, Some("application/json"), body.as_bytes())
                .refused(422, "validation_failed");
            assert!(reports_fault(&problem, "#", &["invalid_type"]), "{}: {problem}", target.operation.id);
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn a_missing_body_is_a_fault_where_one_is_required() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets().iter().filter(|target| target.is_body_required()) {
        for media_type in [Some("application/json"), None] {
            let problem = send(&range, target, media_type, b"").refused(422, "validation_failed");
            assert!(reports_fault(&problem, "#", &["required"]), "{}: {problem}", target.operation.id);
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn another_media_type_is_not_taken() {
    let range = Range::new();
    let before = snapshot(&range.org);
    let others = [
        "text/plain",
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/jsonp",
        "nonsense",
    ];
    for target in range.targets() {
        let body = target.body.to_string().into_bytes();
        for media_type in others {
            send(&range, &target, Some(media_type), &body).refused(415, "unsupported_media_type");
        }
        send(&range, &target, None, &body).refused(415, "unsupported_media_type");
        if target.operation.method != "PATCH" {
            send(&range, &target, Some("application/merge-patch+json"), &body)
                .refused(415, "unsupported_media_type");
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn a_media_type_may_have_a_charset_and_a_patch_may_be_plain_json() {
    let range = Range::new();
    let owner = &range.org.owner.client;
    let ticket = range.org.path(&format!("/tickets/{}", range.open_ticket));
    for media_type in ["application/json", "Application/JSON; charset=UTF-8", "application/merge-patch+json"]
    {
        let subject = format!("Sent as {media_type}");
        let changed = owner
            .send_json("PATCH", &ticket, &[("Content-Type", media_type)], &json!({ "subject": subject }))
            .expect(200);
        assert_eq!(changed["subject"], subject);
    }
}

#[test]
fn compressed_bodies_are_not_inflated() {
    let range = Range::new();
    let before = snapshot(&range.org);
    // A short object, compressed with gzip.
    let bytes: &[u8] =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";
    for target in range.targets() {
        let mut headers = range.headers(&target);
        headers.extend([("Content-Type", "application/json"), ("Content-Encoding", "gzip")]);
        let reply =
            target.client.send(&target.operation.method, &target.path, &headers, Some(bytes.to_vec()));
        let refused = (reply.status, reply.code().to_owned());
        let expected = [(400, "malformed_json".to_owned()), (415, "unsupported_media_type".to_owned())];
        assert!(expected.contains(&refused), "{reply}");
    }
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn all_faults_are_reported_at_once() {
    let range = Range::new();
    let before = snapshot(&range.org);
    let six: Vec<String> = (0..6).map(|n| format!("0198c1f2-0000-7000-8000-00000000000{n}")).collect();
    let body = json!({
        "subject": "   ", "details": 5, "urgency": "enormous", "attachment_ids": six, "on_behalf_of": "nobody", "extra": 1, "a/b~c": 2,
    });
    let key = "k".repeat(256);
    let path = range.org.path("/tickets?first=1&second=2");
    let problem = range
        .org
        .owner
        .client
        .send_json("POST", &path, &[("Idempotency-Key", &key)], &body)
        .refused(422, "validation_failed");
    let expected = [
        ("#/subject", "blank"),
        ("#/details", "invalid_type"),
        ("#/urgency", "invalid"),
        ("#/location_id", "required"),
        ("#/attachment_ids", "too_many"),
        ("#/on_behalf_of", "invalid"),
        ("#/extra", "unknown_field"),
        ("#/a~1b~0c", "unknown_field"),
        ("first", "unknown_parameter"),
        ("second", "unknown_parameter"),
        ("Idempotency-Key", "too_long"),
    ];
    for (place, code) in expected {
        assert!(reports_fault(&problem, place, &[code]), "{place} {code} is missing in {problem:#}");
    }
    assert_eq!(problem["errors"].as_array().unwrap().len(), expected.len(), "{problem:#}");
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn members_of_the_wrong_type_are_refused_everywhere() {
    let range = Range::new();
    let before = snapshot(&range.org);
    for target in range.targets() {
        for (name, schema) in target.members() {
            let text = schema.to_string();
            let takes = |kind: &str| {
                schema["type"] == kind || schema["type"].as_array().is_some_and(|k| k.contains(&json!(kind)))
            };
            for wrong in
                [json!(7), json!(1.5), json!(true), json!({ "a": 1 }), json!([[]]), json!("x"), Value::Null]
            {
                let fits = match &wrong {
                    Value::Bool(_) => text.contains("\"boolean\""),
                    Value::Number(_) => takes("integer"),
                    Value::String(_) => {
                        takes("string") && schema["format"].is_null() && schema["enum"].is_null()
                    }
                    Value::Null => text.contains("\"null\""),
                    _ => false,
                };
                if fits {
                    continue;
                }
                let body = target.with(name, wrong.clone()).to_string().into_bytes();
                let problem =
                    send(&range, &target, Some("application/json"), &body).refused(422, "validation_failed");
                let faults = problem["errors"].as_array().unwrap();
                let is_notified = |fault: &Value| {
                    fault["pointer"].as_str().is_some_and(|p| p.starts_with(&format!("#/{name}")))
                };
                assert!(
                    faults.iter().any(is_notified),
                    "{} {name} = {wrong}: {problem}",
                    target.operation.id
                );
            }
        }
    }
    assert_eq!(snapshot(&range.org), before);
}

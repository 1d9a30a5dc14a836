//! Query parameters that are unknown, duplicated or invalid.

use serde_json::json;

use super::places::{Places, operations};
use super::snapshot::{reports_fault, snapshot};
use super::targets::Range;
use crate::harness::Org;
use crate::harness::document::Operation;

fn takes(operation: &Operation, parameter: &str) -> bool {
    let parameters = operation.value["parameters"].as_array().into_iter().flatten();
    parameters.filter(|p| p["in"] == "query").any(|p| p["name"] == parameter)
}

#[test]
fn unknown_parameters_are_refused_by_every_operation() {
    let range = Range::new();
    let places = Places::of(&range);
    let before = snapshot(&range.org);
    for operation in operations() {
        for name in ["expand", "org_id", "fields", "Limit", "offset", "page"] {
            if takes(operation, name) {
                continue;
            }
            let problem =
                places.call(&range, operation, &format!("?{name}=1")).refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, name, &["unknown_parameter"]),
                "{} {name}: {problem}",
                operation.id
            );
        }
    }
    assert_eq!(snapshot(&range.org), before);
    let attachment = &places.ids["attachment_id"];
    range.org.owner.client.get(&range.org.path(&format!("/attachments/{attachment}"))).expect(200);
}

#[test]
fn a_doubled_parameter_is_refused_by_every_operation_that_takes_one() {
    let range = Range::new();
    let places = Places::of(&range);
    let mut tried = 0;
    for operation in operations() {
        let parameters = operation.value["parameters"].as_array().into_iter().flatten();
        if parameters.clone().any(|p| p["in"] == "query" && p["name"] == "limit") {
            let problem =
                places.call(&range, operation, "?limit=1&limit=2").refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, "limit", &["duplicate_parameter"]),
                "{}: {problem}",
                operation.id
            );
            tried += 1;
        }
    }
    assert!(tried > 8, "only {tried} lists were found");
}

#[test]
fn a_page_has_one_to_a_hundred_rows() {
    let range = Range::new();
    let places = Places::of(&range);
    let lists = operations().filter(|o| o.method == "GET" && o.id.starts_with("list_"));
    for operation in lists {
        for (limit, code) in
            [("0", "too_small"), ("101", "too_large"), ("-1", "too_small"), ("2147483648", "too_large")]
        {
            let problem =
                places.call(&range, operation, &format!("?limit={limit}")).refused(422, "validation_failed");
            assert!(reports_fault(&problem, "limit", &[code]), "{} {limit}: {problem}", operation.id);
        }
        for limit in [
            "",
            "ten",
            "1.5",
            "1e1",
            "+5",
            " 5",
            "0x10",
            "05",
            "99999999999999999999999",
            "%31%30%00",
            "10;20",
            "null",
        ] {
            let problem =
                places.call(&range, operation, &format!("?limit={limit}")).refused(422, "validation_failed");
            assert!(
                reports_fault(&problem, "limit", &["invalid_type", "invalid"]),
                "{} {limit}: {problem}",
                operation.id
            );
        }
        for limit in ["1", "100"] {
            places.call(&range, operation, &format!("?limit={limit}")).expect(200);
        }
    }
}

#[test]
fn values_that_a_filter_does_not_know_are_refused() {
    let org = Org::new();
    let owner = &org.owner.client;
    let wrong = [
        ("status", "lost"),
        ("status", ""),
        ("status", "open,"),
        ("status", "open,lost"),
        ("status", "OPEN"),
        ("priority", "urgent"),
        ("assignee_id", "me"),
        ("assignee_id", ""),
        ("assignee_id", "0198c1f2b7a07c3f8d5e6f7081920a1b0"),
        ("has_assignee", "yes"),
        ("has_assignee", "1"),
        ("requester_id", "null"),
        ("location_id", "*"),
        ("category_id", "a,b"),
        ("created_at_gte", "yesterday"),
        ("created_at_gte", "2026-01-01"),
        ("created_at_lt", "2026-02-30T00:00:00Z"),
        ("updated_at_gte", "1767225600"),
        ("number", "0"),
        ("number", "-3"),
        ("number", "9007199254740992"),
        ("number", "1.0"),
        ("q", ""),
        ("q", "%20%E3%80%80"),
        ("sort", "subject"),
        ("sort", "password_hash"),
        ("sort", "created_at,number"),
        ("sort", "-created_at;drop"),
        ("include_total", "maybe"),
    ];
    for (name, value) in wrong {
        let problem =
            owner.get(&org.path(&format!("/tickets?{name}={value}"))).refused(422, "validation_failed");
        let faults = problem["errors"].as_array().unwrap();
        assert!(
            faults.iter().all(|f| f["parameter"] == name) && !faults.is_empty(),
            "{name}={value}: {problem}"
        );
    }
    let many = format!("q={}", "a".repeat(201));
    let problem = owner.get(&org.path(&format!("/tickets?{many}"))).refused(422, "validation_failed");
    assert!(reports_fault(&problem, "q", &["too_long"]), "{problem}");
    for (list, name, value) in
        [("members", "is_active", "2"), ("locations", "is_active", "on"), ("categories", "is_active", "")]
    {
        let problem =
            owner.get(&org.path(&format!("/{list}?{name}={value}"))).refused(422, "validation_failed");
        assert!(
            reports_fault(&problem, name, &["invalid_type", "invalid"]),
            "{list} {name}={value}: {problem}"
        );
    }
}

#[test]
fn no_column_can_be_probed_by_a_filter() {
    let org = Org::new();
    let names = [
        "password_hash",
        "email",
        "details",
        "assignee_id__email",
        "assignee.email",
        "created_at",
        "status[]",
        "version",
        "body",
        "filter",
    ];
    for name in names {
        let problem =
            org.rbt.client.get(&org.path(&format!("/tickets?{name}=a"))).refused(422, "validation_failed");
        assert!(reports_fault(&problem, name, &["unknown_parameter"]), "{name}: {problem}");
    }
}

#[test]
fn search_syntax_of_a_database_has_no_effect() {
    let org = Org::new();
    org.ticket_with(&org.rbt, json!({ "subject": "Printer on fire", "urgency": "low" })).expect(201);
    let strange = [
        "\"",
        "'",
        "\"printer",
        "printer*",
        "NEAR(printer fire)",
        "printer AND",
        "OR",
        "-printer",
        "printer:fire",
        "^printer",
        "(",
        ")",
        "{a b}: c",
        "printer & !fire",
        "a | b",
        "<->",
        "%",
        "_",
        "\\",
        "';--",
        "o:",
        "\u{1f600}",
        "NOT",
        "printer\u{a0}fire",
    ];
    for text in strange {
        let query: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
        let page =
            org.owner.client.get(&org.path(&format!("/tickets?q={query}&include_total=true"))).expect(200);
        assert_eq!(page["total"]["count"], page["data"].as_array().unwrap().len(), "{text}");
    }
}

#[test]
fn a_filter_by_something_that_does_not_exist_finds_nothing() {
    let org = Org::new();
    org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let nobody = "0198c1f2-b7a0-7c3f-8d5e-000000000000";
    for name in ["assignee_id", "requester_id", "location_id", "category_id"] {
        let page = org.owner.client.get(&org.path(&format!("/tickets?{name}={nobody}"))).expect(200);
        assert_eq!(page["data"], json!([]), "{name}");
    }
    let page = org.owner.client.get(&org.path("/tickets?number=9007199254740991")).expect(200);
    assert_eq!(page["data"], json!([]));
}

//! The document itself, and how it is served.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::document::{document, file};
use crate::harness::{Client, Org};

#[test]
fn every_operation_has_a_summary_and_a_tag() {
    for operation in document().operations.values() {
        let has_text =
            |name: &str| operation.value[name].as_str().is_some_and(|text| !text.trim().is_empty());
        assert!(has_text("summary"), "{} has no summary", operation.id);
        assert_eq!(
            operation.value["tags"].as_array().map(Vec::len),
            Some(1),
            "{} has not one tag",
            operation.id
        );
    }
}

#[test]
fn every_permission_in_the_document_is_one_that_roles_can_have() {
    let org = Org::new();
    let listed = org.owner.client.get(&org.path("/permissions?limit=100")).expect(200);
    let listed = listed["data"].as_array().expect("a list");
    let known: BTreeSet<(&str, &str)> =
        listed.iter().filter_map(|item| Some((item["key"].as_str()?, item["scope"].as_str()?))).collect();
    for operation in document().operations.values() {
        for mark in ["x-required-permission", "x-staff-permission", "x-platform-permission"] {
            let Some(key) = operation.value[mark].as_str() else { continue };
            let scopes: &[&str] = match mark {
                "x-required-permission" => &["organization", "platform"],
                "x-staff-permission" => &["organization"],
                _ => &["platform"],
            };
            let is_known = scopes.iter().any(|scope| known.contains(&(key, *scope)));
            assert!(is_known, "{}: {mark} {key} is not among {known:?}", operation.id);
            assert!(!operation.is_public(), "{} is public and asks for {key}", operation.id);
        }
    }
}

#[test]
fn the_served_document_is_the_checked_in_one() {
    let checked_in = fs::read_to_string(file()).expect("openapi.yaml");
    let nobody = Client::anonymous();
    let json = nobody.get("/openapi.json").expect(200);
    assert!(json == document().value, "openapi.json is not the openapi.yaml that is checked in");
    let yaml = nobody.get("/openapi.yaml");
    assert_eq!(yaml.status, 200);
    assert!(
        String::from_utf8_lossy(&yaml.bytes) == checked_in,
        "openapi.yaml is served otherwise than it is checked in"
    );
}

#[test]
fn the_document_can_be_cached_by_its_etag() {
    let nobody = Client::anonymous();
    for path in ["/openapi.json", "/openapi.yaml"] {
        let etag = nobody.get(path).etag();
        for sent in [etag.as_str(), &format!("\"other\", {etag}"), &format!("W/{etag}"), "*"] {
            let reply = nobody.send("GET", path, &[("If-None-Match", sent)], None);
            assert_eq!(
                (reply.status, reply.etag()),
                (304, etag.clone()),
                "{path} with If-None-Match: {sent}"
            );
        }
        let body = nobody.send("GET", path, &[("If-None-Match", "\"other\"")], None);
        assert_eq!(body.status, 200, "{path} with another's tag");
        assert_ne!(body.bytes, Vec::<u8>::new());
    }
}

#[test]
fn every_code_that_examples_name_has_a_page() {
    let mut types = BTreeSet::new();
    collect(&document().value, &mut types);
    assert!(!types.is_empty(), "no example of a problem");
    for page in types {
        let reply = Client::anonymous().get(&format!("!{page}"));
        assert_eq!((reply.status, reply.media_type().as_deref()), (200, Some("text/html")), "{page}");
    }
}

fn collect(value: &Value, types: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("/problems/") => {
            types.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, types)),
        Value::Object(members) => members.values().for_each(|item| collect(item, types)),
        _ => {}
    }
}

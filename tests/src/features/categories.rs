//! The category tree: S000-23.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::Org;

fn tree(org: &Org) -> BTreeMap<String, Value> {
    walk(&org.rbt.client, &org.path("/categories?limit=100"))
        .into_iter()
        .map(|c| (text(&c, "key"), c))
        .collect()
}

fn create(org: &Org, key: &str, parent: Option<&Value>) -> crate::harness::Reply {
    let mut body = json!({"key": key, "name": "Something else"});
    if let Some(parent) = parent {
        body["parent_id"] = parent["id"].clone();
    }
    org.manager.client.post(&org.path("/categories"), body)
}

#[test]
fn s000_23_the_tree_is_seeded() {
    let org = Org::new();
    let seeded = tree(&org);
    let children: [(&str, &[&str]); 11] = [
        ("account", &["password", "confirmation", "lockout", "deletion"]),
        ("access", &["permission", "community", "content"]),
        ("access.content", &["private_content", "event_invitation", "resource_download", "page_visibility"]),
        ("technical", &["login", "display", "function"]),
        ("technical.login", &["browser", "cookie", "session", "credentials", "account_status"]),
        ("technical.display", &["css", "javascript", "mobile", "browser"]),
        ("technical.function", &["form", "upload", "search", "notification", "realtime"]),
        ("privacy", &[]),
        ("moderation", &[]),
        ("community", &[]),
        ("", &["account", "access", "technical", "privacy", "moderation", "community"]),
    ];
    let mut expected = BTreeSet::new();
    for (parent, keys) in children {
        for key in keys {
            let full = if parent.is_empty() { (*key).to_owned() } else { format!("{parent}.{key}") };
            let category = &seeded[&full];
            assert_eq!((&category["is_seeded"], &category["is_active"]), (&json!(true), &json!(true)));
            assert_eq!(
                category["parent_id"],
                seeded.get(parent).map_or(Value::Null, |p| p["id"].clone()),
                "{full}"
            );
            expected.insert(full);
        }
    }
    assert_eq!(seeded.keys().cloned().collect::<BTreeSet<_>>(), expected);
    let form = org.rbt.client.get(&org.path("/ticket-form")).expect(200);
    assert_eq!(form["categories"].as_array().unwrap().len(), expected.len());
}

#[test]
fn s000_23_an_organization_extends_its_tree() {
    let (org, other) = (Org::new(), shared());
    let root = create(&org, "billing", None).expect(201);
    assert_eq!(
        (&root["key"], &root["is_seeded"], &root["parent_id"]),
        (&json!("billing"), &json!(false), &Value::Null)
    );
    let child = create(&org, "refund", Some(&root)).expect(201);
    assert_eq!((&child["key"], &child["parent_id"]), (&json!("billing.refund"), &root["id"]));
    let under = create(&org, "two_factor", Some(&tree(&org)["technical.login"])).expect(201);
    assert_eq!(under["key"], "technical.login.two_factor");
    let problem = create(&org, "billing", None).refused(409, "already_exists");
    assert_eq!(places(&problem), set_of(&["#/key"]));
    create(&org, "password", Some(&tree(&org)["account"])).refused(409, "already_exists");
    let fourth = create(&org, "text", Some(&under)).expect(201);
    assert_eq!(
        places(&create(&org, "deep", Some(&fourth)).refused(422, "rule_violated")),
        set_of(&["#/parent_id"])
    );
    create(&org, "lost", Some(&json!({"id": nobody()}))).refused(422, "reference_not_found");
    let problem = org
        .manager
        .client
        .post(&org.path("/categories"), json!({"key": "Two Words", "name": " ", "is_seeded": true}));
    assert_eq!(
        places(&problem.refused(422, "validation_failed")),
        set_of(&["#/key", "#/name", "#/is_seeded"])
    );
    assert_eq!(tree(&org).len(), 38);
    assert!(!tree(other).contains_key("billing"));
    let ticket = org.ticket(&org.rbt);
    assert_eq!(
        patch(&org, &org.manager, &ticket, json!({"category_id": child["id"]})).expect(200)["category_id"],
        child["id"]
    );
}

#[test]
fn s000_23_seeded_categories_are_neither_renamed_nor_retired() {
    let org = Org::new();
    let before = tree(&org);
    for key in ["account", "technical.login.cookie", "privacy"] {
        let path = org.path(&format!("/categories/{}", text(&before[key], "id")));
        for change in [json!({"name": "Ours"}), json!({"is_active": false})] {
            org.owner.client.patch(&path, change).refused(422, "rule_violated");
        }
        for change in [json!({"key": "ours"}), json!({"parent_id": null}), json!({"is_seeded": false})] {
            org.owner.client.patch(&path, change).refused(422, "validation_failed");
        }
        org.owner.client.delete(&path).refused(405, "method_not_allowed");
    }
    assert_eq!(tree(&org), before);
}

#[test]
fn s000_23_custom_categories_are_renamed_and_retired() {
    let org = Org::new();
    let category = create(&org, "billing", None).expect(201);
    let path = org.path(&format!("/categories/{}", text(&category, "id")));
    let ticket = org.ticket(&org.rbt);
    patch(&org, &org.manager, &ticket, json!({"category_id": category["id"]})).expect(200);
    assert_eq!(org.manager.client.patch(&path, json!({"name": "Invoices"})).expect(200)["name"], "Invoices");
    assert_eq!(org.manager.client.patch(&path, json!({"is_active": false})).expect(200)["is_active"], false);
    assert_eq!(read(&org, &org.manager, &ticket)["category_id"], category["id"], "old tickets keep it");
    let second = org.ticket(&org.rbt);
    patch(&org, &org.manager, &second, json!({"category_id": category["id"]})).refused(422, "rule_violated");
    let offered = org.rbt.client.get(&org.path("/ticket-form")).expect(200)["categories"].to_string();
    assert!(!offered.contains(&text(&category, "id")));
    assert_eq!(walk(&org.rbt.client, &org.path("/categories?is_active=false")).len(), 1);
    for person in [&org.rbt, &org.bcba] {
        person.client.patch(&path, json!({"is_active": true})).refused(403, "forbidden");
        person
            .client
            .post(&org.path("/categories"), json!({"key": "mine", "name": "Mine"}))
            .refused(403, "forbidden");
    }
    shared()
        .owner
        .client
        .patch(&shared().path(&format!("/categories/{}", text(&category, "id"))), json!({"name": "X"}))
        .refused(404, "not_found");
    assert_eq!(tree(&org)["billing"]["name"], "Invoices");
}

#[test]
fn s000_22_a_request_about_content_carries_a_sub_category() {
    let org = Org::new();
    let tree = tree(&org);
    let ticket = org.ticket(&org.rbt);
    let sort = |key: &str| patch(&org, &org.manager, &ticket, json!({"category_id": tree[key]["id"]}));
    let problem = sort("access.content").refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/category_id"]));
    for key in ["private_content", "event_invitation", "resource_download", "page_visibility"] {
        let key = format!("access.content.{key}");
        assert_eq!(sort(&key).expect(200)["category_id"], tree[&key]["id"]);
    }
    sort("access").expect(200);
}

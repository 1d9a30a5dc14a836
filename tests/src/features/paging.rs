//! Lists page by page: L4, L5, and no row twice or missing while requests are filed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::helpers::*;
use crate::harness::{Org, Person};

const SORTS: [&str; 6] = ["created_at", "-created_at", "updated_at", "-updated_at", "priority", "-priority"];

#[test]
fn l04_a_cursor_is_valid_only_for_its_list() {
    let org = Org::new();
    (0..4).for_each(|_| drop(org.ticket(&org.rbt)));
    let page = org.rbt.client.get(&org.path("/tickets?limit=2&status=open")).expect(200);
    let cursor = text(&page, "next_cursor");
    assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{cursor}");
    let mut turned: Vec<char> = cursor.chars().collect();
    turned[4] = if turned[4] == 'A' { 'B' } else { 'A' };
    let turned: String = turned.into_iter().collect();
    for (query, cursor) in [
        ("status=open&sort=priority", cursor.as_str()),
        ("status=closed", &cursor),
        ("", &cursor),
        ("status=open&q=tablet", &cursor),
        ("status=open", &turned),
        ("status=open", &cursor[..cursor.len() - 1]),
        ("status=open", "AAAA"),
        ("status=open", "MjV8YQ"),
    ] {
        org.rbt
            .client
            .get(&org.path(&format!("/tickets?limit=2&{query}&cursor={cursor}")))
            .refused(400, "invalid_cursor");
    }
    org.rbt.client.get(&org.path(&format!("/tickets?limit=1&status=open&cursor={cursor}"))).expect(200);
    org.owner.client.get(&org.path(&format!("/members?cursor={cursor}"))).refused(400, "invalid_cursor");
}

#[test]
fn l04_a_cursor_grants_nothing() {
    let (org, other) = (Org::new(), shared());
    (0..3).for_each(|_| drop(org.ticket(&org.rbt)));
    org.ticket(&org.rbt2);
    let cursor = text(&org.manager.client.get(&org.path("/tickets?limit=1")).expect(200), "next_cursor");
    let path = org.path(&format!("/tickets?limit=100&cursor={cursor}"));
    assert_eq!(org.rbt2.client.get(&path).expect(200)["data"], json!([]), "the caller's own sight counts");
    assert_eq!(org.rbt.client.get(&path).expect(200)["data"].as_array().unwrap().len(), 3);
    other.owner.client.get(&path).refused(404, "not_found");
    other
        .owner
        .client
        .get(&other.path(&format!("/tickets?limit=1&cursor={cursor}")))
        .refused(400, "invalid_cursor");
}

/// Walks a list while others file requests, and checks the rows.
fn walk_amid_inserts(
    org: &Org,
    filed: &BTreeSet<String>,
    reader: &Person,
    query: &str,
) -> Result<(), TestCaseError> {
    let ends = AtomicBool::new(false);
    let met = scope(|threads| {
        let writer = threads.spawn(|| {
            for urgency in ["low", "critical", "normal", "high"].into_iter().cycle().take(40) {
                if ends.load(Ordering::Relaxed) {
                    break;
                }
                org.ticket_with(&org.rbt2, json!({"urgency": urgency})).expect(201);
            }
        });
        let met = walk_ids(&reader.client, &org.path(&format!("/tickets?{query}")));
        ends.store(true, Ordering::Relaxed);
        writer.join().unwrap();
        met
    });
    let once: BTreeSet<String> = met.iter().cloned().collect();
    prop_assert_eq!(once.len(), met.len(), "a row twice with {}", query);
    prop_assert!(once.is_superset(filed), "a row missing with {}", query);
    Ok(())
}

#[test]
fn l05_pages_neither_repeat_nor_skip_under_inserts() {
    let org = Org::new();
    let urgencies = ["low", "normal", "high", "critical"];
    let file =
        |n: usize| text(&org.ticket_with(&org.rbt, json!({"urgency": urgencies[n % 4]})).expect(201), "id");
    let filed: BTreeSet<String> = (0..24).map(file).collect();
    let cases = (prop::sample::select(SORTS.to_vec()), 1..9_usize, any::<bool>());
    for sort in SORTS {
        walk_amid_inserts(&org, &filed, &org.manager, &format!("limit=5&sort={sort}")).unwrap();
    }
    let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&cases, |(sort, limit, searches)| {
            let q = if searches { "&q=tablet" } else { "" };
            walk_amid_inserts(&org, &filed, &org.manager, &format!("limit={limit}&sort={sort}{q}"))
        })
        .unwrap();
}

#[test]
fn l05_equal_rows_are_ordered_by_id() {
    let org = Org::new();
    (0..9).for_each(|_| drop(org.ticket(&org.rbt)));
    for sort in ["priority", "-priority"] {
        let mut expected = walk_ids(&org.rbt.client, &org.path(&format!("/tickets?limit=100&sort={sort}")));
        assert_eq!(walk_ids(&org.rbt.client, &org.path(&format!("/tickets?limit=2&sort={sort}"))), expected);
        if sort.starts_with('-') {
            expected.reverse();
        }
        assert!(expected.is_sorted(), "{sort}");
    }
}

#[test]
fn l01_every_list_is_paged() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    (0..2).for_each(|_| drop(reply(&org, &org.manager, &ticket, "We look.").expect(201)));
    let owner = &org.owner.client;
    owner.logged_in(&org.owner.email, crate::harness::PASSWORD);
    let ticket_lists = ["/messages", "/events"].map(|rest| ticket_path(&org, &ticket, rest));
    let lists =
        ["/members", "/locations", "/categories", "/roles", "/permissions"].map(|rest| org.path(rest));
    for path in lists.into_iter().chain(ticket_lists).chain(["/me/sessions".to_owned()]) {
        let all = walk(owner, &format!("{path}?limit=100"));
        assert!(all.len() > 1, "{path}");
        assert_eq!(walk(owner, &format!("{path}?limit=1")), all, "{path}");
        for limit in ["0", "101", "ten"] {
            let problem = owner.get(&format!("{path}?limit={limit}")).refused(422, "validation_failed");
            assert_eq!(places(&problem), set_of(&["limit"]), "{path}");
        }
        owner.get(&format!("{path}?cursor=AAAA")).refused(400, "invalid_cursor");
    }
}

//! Full text: `q` with everything it combines with.

use serde_json::json;

use super::helpers::*;
use crate::harness::{Org, Person};

fn found(org: &Org, person: &Person, query: &str) -> Vec<i64> {
    let mut numbers: Vec<i64> = walk(&person.client, &org.path(&format!("/tickets?{query}")))
        .iter()
        .map(|t| t["number"].as_i64().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn q_sees_subject_details_messages_number_and_requester() {
    let org = Org::new();
    let named = org.add_member(&["rbt"], &[&org.downtown], None);
    org.ticket_with(&org.rbt, json!({"subject": "Printer jams"})).expect(201);
    org.ticket_with(&org.rbt, json!({"details": "The scanner hums a melody."})).expect(201);
    let third = org.ticket(&org.rbt);
    reply(&org, &org.manager, &third, "Please restart the projector.").expect(201);
    org.ticket(&named);
    resolve(&org, &org.manager, &org.ticket(&org.rbt)).expect(200);
    let email = named.email.split('@').next().unwrap().to_owned();
    for (q, expected) in [
        ("printer", vec![1]),
        ("PRINTER", vec![1]),
        ("print", vec![1]),
        ("jams%20printer", vec![1]),
        ("printer%20projector", vec![]),
        ("melody", vec![2]),
        ("projector", vec![3]),
        ("renewed", vec![5]),
        ("3", vec![3]),
        (email.as_str(), vec![4]),
        ("max", vec![4]),
        ("nothinglikeit", vec![]),
        ("...", vec![]),
    ] {
        assert_eq!(found(&org, &org.manager, &format!("q={q}")), expected, "{q}");
    }
}

#[test]
fn q_sees_a_commit_at_once() {
    let org = shared();
    let (before, after, said) = (rare_word("before"), rare_word("after"), rare_word("said"));
    let ticket = org.ticket_with(&org.rbt, json!({"subject": before})).expect(201);
    let hits = |word: &str| found(org, &org.rbt, &format!("q={word}")).len();
    assert_eq!((hits(&before), hits(&after), hits(&said)), (1, 0, 0));
    patch(org, &org.rbt, &ticket, json!({"subject": after})).expect(200);
    assert_eq!((hits(&before), hits(&after), hits(&said)), (0, 1, 0));
    reply(org, &org.manager, &ticket, &said).expect(201);
    assert_eq!((hits(&before), hits(&after), hits(&said)), (0, 1, 1));
    patch(org, &org.rbt, &ticket, json!({"details": "Anew."})).expect(200);
    assert_eq!((hits(&after), hits(&said)), (1, 1), "an edit forgets no message");
}

#[test]
fn q_combines_with_filters_sorts_and_cursors() {
    let org = Org::new();
    let urgencies = ["low", "high", "critical", "normal"];
    for n in 0..12_usize {
        let subject = if n % 3 == 0 { "Lamp" } else { "Lantern" };
        org.ticket_with(&org.rbt, json!({"subject": subject, "urgency": urgencies[n % 4]})).expect(201);
    }
    for q in ["lantern", "la", "rob%20la"] {
        let total = if q == "lantern" { 8 } else { 12 };
        for sort in ["created_at", "-created_at", "updated_at", "-updated_at", "priority", "-priority"] {
            let plain = walk_ids(&org.manager.client, &org.path(&format!("/tickets?limit=100&sort={sort}")));
            let wanted = walk_ids(&org.manager.client, &org.path(&format!("/tickets?limit=100&q={q}")));
            let expected: Vec<String> = plain.into_iter().filter(|id| wanted.contains(id)).collect();
            assert_eq!(expected.len(), total, "{q}");
            assert_eq!(
                walk_ids(&org.manager.client, &org.path(&format!("/tickets?limit=3&q={q}&sort={sort}"))),
                expected,
                "{q} {sort}"
            );
        }
    }
    assert_eq!(found(&org, &org.manager, "q=lantern&priority=critical"), [3, 11]);
    assert_eq!(found(&org, &org.manager, "q=lamp&priority=low,high&status=open"), [1, 10]);
    assert_eq!(found(&org, &org.manager, &format!("q=lamp&requester_id={}", org.rbt2.id)), [0_i64; 0]);
    assert_eq!(found(&org, &org.manager, "q=lamp&number=1"), [1]);
}

#[test]
fn q_takes_any_text_without_harm() {
    let org = shared();
    for q in [
        "%22",
        "%27",
        "\\",
        "%25",
        "_",
        "a%20OR%20b",
        "NEAR(a%20b)",
        "a*",
        "-a",
        "%22a",
        "(",
        "col%3Aa",
        "%26%20%7C%20!",
        "%C3%84rger",
        "%F0%9F%92%A1",
        "%EF%BF%BD",
    ] {
        org.rbt.client.get(&org.path(&format!("/tickets?q={q}&include_total=true"))).expect(200);
    }
    let long = "a".repeat(201);
    org.rbt.client.get(&org.path(&format!("/tickets?q={long}"))).refused(422, "validation_failed");
    org.rbt.client.get(&org.path("/tickets?q=a%00b")).refused(422, "validation_failed");
    let ticket =
        org.ticket_with(&org.rbt, json!({"subject": "100% of the o'clocks \"fail\" \\ _"})).expect(201);
    assert!(found(org, &org.rbt, "q=o%27clocks%20fail").contains(&ticket["number"].as_i64().unwrap()));
}

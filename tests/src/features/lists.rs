//! Lists of tickets and their filters: S004-14, L2, L3, L6, L7, L8, L11.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person};

fn listed(org: &Org, person: &Person, query: &str) -> Vec<i64> {
    let mut numbers: Vec<i64> = walk(&person.client, &org.path(&format!("/tickets?{query}")))
        .iter()
        .map(|t| t["number"].as_i64().unwrap())
        .collect();
    assert_eq!(count(org, person, &format!("&{query}")), i64::try_from(numbers.len()).unwrap(), "{query}");
    numbers.sort_unstable();
    numbers
}

/// One ticket of `rbt` in each status: open 1, in progress 2, resolved 3, closed 4; and 5 of `rbt2`, open.
fn one_of_each() -> Org {
    let org = Org::new();
    let tickets: Vec<Value> = ["Lamp", "Door", "Lamp", "Door"]
        .iter()
        .map(|s| org.ticket_with(&org.rbt, json!({"subject": s})).expect(201))
        .collect();
    org.manager.client.post_empty(&ticket_path(&org, &tickets[1], "/start")).expect(200);
    resolve(&org, &org.manager, &tickets[2]).expect(200);
    close(&org, &tickets[3]);
    org.ticket_with(&org.rbt2, json!({"subject": "Lamp"})).expect(201);
    org
}

#[test]
fn s004_14_my_requests_by_text_and_by_several_statuses() {
    let org = one_of_each();
    for (query, expected) in [
        ("", vec![1, 2, 3, 4]),
        ("status=open", vec![1]),
        ("status=in_progress", vec![2]),
        ("status=resolved", vec![3]),
        ("status=closed", vec![4]),
        ("status=open,in_progress", vec![1, 2]),
        ("status=open,in_progress,resolved,closed", vec![1, 2, 3, 4]),
        ("q=lamp", vec![1, 3]),
        ("q=lamp&status=open,closed", vec![1]),
        ("q=door&status=closed", vec![4]),
        ("q=door&status=open", vec![]),
    ] {
        assert_eq!(listed(&org, &org.rbt, query), expected, "{query}");
    }
    assert_eq!(listed(&org, &org.manager, "q=lamp&status=open"), [1, 5]);
}

#[test]
fn s004_14_a_wrong_filter_is_named() {
    let org = shared();
    for (query, place) in [
        ("status=waiting", "status"),
        ("status=open,waiting", "status"),
        ("status=", "status"),
        ("priority=urgent", "priority"),
        ("assignee_id=7", "assignee_id"),
        ("has_assignee=maybe", "has_assignee"),
        ("created_at_gte=yesterday", "created_at_gte"),
        ("number=0", "number"),
        ("number=abc", "number"),
        ("sort=subject", "sort"),
        ("sort=created_at,priority", "sort"),
        ("q=", "q"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("include_total=1", "include_total"),
        ("password_hash=a", "password_hash"),
        ("offset=10", "offset"),
        ("page=2", "page"),
    ] {
        let problem =
            org.rbt.client.get(&org.path(&format!("/tickets?{query}"))).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&[place]), "{query}");
    }
    let several = org
        .rbt
        .client
        .get(&org.path("/tickets?limit=101&sort=size&colour=red"))
        .refused(422, "validation_failed");
    assert_eq!(places(&several), set_of(&["limit", "sort", "colour"]));
}

#[test]
fn s004_04_staff_filter_by_everything() {
    let org = one_of_each();
    let category = text(&walk(&org.owner.client, &org.path("/categories"))[0], "id");
    let first = walk(&org.manager.client, &org.path("/tickets?number=1")).remove(0);
    let change = json!({"assignee_id": org.owner.id, "category_id": category, "priority": "critical", "location_id": org.riverside});
    let changed = patch(&org, &org.manager, &first, change).expect(200);
    let third = walk(&org.manager.client, &org.path("/tickets?number=3")).remove(0);
    let (created, updated) = (text(&third, "created_at"), text(&changed, "updated_at"));
    for (query, expected) in [
        (format!("assignee_id={}", org.owner.id), vec![1]),
        (format!("assignee_id={}", org.manager.id), vec![3, 4]),
        ("has_assignee=true".to_owned(), vec![1, 3, 4]),
        ("has_assignee=false".to_owned(), vec![2, 5]),
        (format!("requester_id={}", org.rbt2.id), vec![5]),
        (format!("location_id={}", org.riverside), vec![1]),
        (format!("category_id={category}"), vec![1]),
        ("priority=critical".to_owned(), vec![1]),
        ("priority=low,critical".to_owned(), vec![1]),
        (format!("created_at_gte={created}"), vec![3, 4, 5]),
        (format!("created_at_lt={created}"), vec![1, 2]),
        (format!("updated_at_gte={updated}"), vec![1]),
        ("number=4".to_owned(), vec![4]),
        (format!("has_assignee=true&status=open,closed&requester_id={}", org.rbt.id), vec![1, 4]),
        (format!("requester_id={}&status=closed", org.rbt2.id), vec![]),
    ] {
        assert_eq!(listed(&org, &org.manager, &query), expected, "{query}");
    }
}

#[test]
fn l11_a_filter_by_an_unknown_id_is_an_empty_list() {
    let org = shared();
    for field in ["assignee_id", "requester_id", "location_id", "category_id"] {
        let page = org.manager.client.get(&org.path(&format!("/tickets?{field}={}", nobody()))).expect(200);
        assert_eq!(
            (&page["data"], &page["next_cursor"], &page["total"]),
            (&json!([]), &Value::Null, &Value::Null)
        );
    }
}

#[test]
fn l02_l03_l06_pages_have_their_envelope() {
    let org = Org::new();
    (0..27).for_each(|_| drop(org.ticket(&org.rbt)));
    let first = org.rbt.client.get(&org.path("/tickets"));
    let link = first.header("link").unwrap();
    let page = first.expect(200);
    assert_eq!((page["data"].as_array().unwrap().len(), &page["total"]), (25, &Value::Null));
    let next = link.split(['<', '>']).nth(1).unwrap();
    assert!(link.ends_with("rel=\"next\"") && next.contains(&text(&page, "next_cursor")), "{link}");
    let second = org.rbt.client.get(next.split_once("/api/v1").unwrap().1);
    assert!(second.header("link").is_none());
    let page = second.expect(200);
    assert_eq!((page["data"].as_array().unwrap().len(), &page["next_cursor"]), (2, &Value::Null));
    let all = org.rbt.client.get(&org.path("/tickets?limit=100&include_total=true")).expect(200);
    assert_eq!((all["data"].as_array().unwrap().len(), &all["next_cursor"]), (27, &Value::Null));
    assert_eq!(all["total"], json!({"count": 27, "is_exact": true}));
    let exact = org.rbt.client.get(&org.path("/tickets?limit=27")).expect(200);
    assert!(exact["next_cursor"].is_null(), "a full last page says that it is the last");
}

#[test]
fn l08_each_sort_orders_and_the_default_is_newest_first() {
    let org = Org::new();
    let urgencies = ["low", "critical", "normal", "high", "critical", "low"];
    let tickets: Vec<Value> =
        urgencies.iter().map(|u| org.ticket_with(&org.rbt, json!({"urgency": u})).expect(201)).collect();
    reply(&org, &org.manager, &tickets[2], "We look.").expect(201);
    let numbers = |query: &str| -> Vec<i64> {
        walk(&org.manager.client, &org.path(&format!("/tickets?limit=2{query}")))
            .iter()
            .map(|t| t["number"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(numbers(""), [6, 5, 4, 3, 2, 1]);
    assert_eq!(numbers("&sort=-created_at"), [6, 5, 4, 3, 2, 1]);
    assert_eq!(numbers("&sort=created_at"), [1, 2, 3, 4, 5, 6]);
    assert_eq!(numbers("&sort=updated_at"), [1, 2, 4, 5, 6, 3]);
    assert_eq!(numbers("&sort=-updated_at"), [3, 6, 5, 4, 2, 1]);
    assert_eq!(numbers("&sort=priority"), [1, 6, 3, 4, 2, 5]);
    assert_eq!(numbers("&sort=-priority"), [5, 2, 4, 3, 6, 1]);
}

#[test]
fn list_items_carry_what_clients_need_and_no_texts() {
    let org = shared();
    let ticket = org.ticket(&org.rbt);
    let page =
        org.manager.client.get(&org.path(&format!("/tickets?number={}", ticket["number"]))).expect(200);
    let item = page["data"][0].as_object().unwrap();
    for (field, value) in item {
        assert_eq!(value, &ticket[field], "{field}");
    }
    for field in ["id", "number", "status", "priority", "urgency", "requester_id", "assignee_id", "subject"] {
        assert!(item.contains_key(field), "{field}");
    }
    assert!(["details", "attachments", "allowed_actions"].iter().all(|f| !item.contains_key(*f)));
}

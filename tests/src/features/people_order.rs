//! The order in which people are listed, page by page: S001-21.

use serde_json::{Value, json};

use super::fixtures::stage;
use super::helpers::*;
use super::unclaimed_memberships::{add_unclaimed, moved, place, renamed, unclaimed_member};
use crate::harness::document::document;
use crate::harness::{Client, Org, unique};

fn platform() -> &'static Client {
    &stage().own.platform_owner().client
}

fn join(org: &Org, word: &str, local: &str, name: &str) {
    let body = json!({"email": format!("{local}@{word}.example"), "name": name, "roles": ["rbt"]});
    org.owner.client.post(&org.path("/members"), body).expect(201);
}

/// Seven people of one organization, and a word that finds only them. Three have the same name, and twice
/// three joined at the same time: on pages of two, some of them are always apart.
fn crowd() -> (Org, String) {
    let (org, word) = (Org::on(stage().own.platform_owner()), rare_word("crowd"));
    for (local, name) in [
        ("g", "Cleo"),
        ("c", "Abel"),
        ("f", "Cleo"),
        ("a", "Dora"),
        ("e", "Cleo"),
        ("b", "Bert"),
        ("d", "Bert"),
    ] {
        join(&org, &word, local, name);
    }
    // Not in the order of joining.
    for (day, locals) in [("2026-03-02", ["c", "e", "b"]), ("2026-02-01", ["d", "g", "f"])] {
        let addresses = locals.map(|local| format!("'{local}@{word}.example'")).join(", ");
        let at = format!("SET created_at = '{day}T09:15:00.000000Z'");
        let theirs = format!("SELECT id FROM users WHERE email IN ({addresses})");
        for table in ["users", "memberships"] {
            let key = if table == "users" { "id" } else { "user_id" };
            let update = format!("UPDATE {table} {at} WHERE {key} IN ({theirs}) RETURNING 1");
            assert_eq!(stage().own.sql(&update), "1\n1\n1", "three rows are changed");
        }
    }
    (org, word)
}

/// The lists of people: operation, caller, path, and default order.
fn lists(org: &Org) -> [(&'static str, &Client, String, &'static str); 2] {
    [
        ("list_users", platform(), "/users".to_owned(), "-created_at"),
        ("list_members", &org.owner.client, org.path("/members"), "created_at"),
    ]
}

/// People as the platform lists them.
fn found(word: &str) -> Vec<Value> {
    walk(platform(), &format!("/users?q={word}&limit=100"))
}

/// The orders that the document offers for an operation.
fn orders(operation: &str) -> Vec<String> {
    let parameters = document().operations[operation].value["parameters"].as_array().unwrap();
    let sort = parameters.iter().find(|parameter| parameter["name"] == "sort").unwrap();
    words(&document().resolve(&sort["schema"])["enum"])
}

/// The addresses of people in an order, equal ones by id.
fn ordered(people: &[Value], order: &str) -> Vec<String> {
    let field = match order.trim_start_matches('-') {
        "created_at" => "registered_at",
        "name" => "name",
        "email" => "email",
        unknown => panic!("nobody knows what `{unknown}` orders by: write it here"),
    };
    let place = |one: &Value| (text(one, field), text(one, "id"), text(one, "email"));
    let mut places: Vec<(String, String, String)> = people.iter().map(place).collect();
    places.sort();
    if order.starts_with('-') {
        places.reverse();
    }
    places.into_iter().map(|(_, _, email)| email).collect()
}

#[test]
fn s001_21_each_sort_lists_everybody_exactly_once() {
    let (org, word) = crowd();
    let people = found(&word);
    assert_eq!(people.len(), 7);
    for (operation, client, path, unless_told) in lists(&org) {
        let list = |order: &str| -> Vec<String> {
            let all = walk(client, &format!("{path}?q={word}&limit=2{order}"));
            all.iter().map(|one| text(one, "email")).collect()
        };
        assert_eq!(list(""), ordered(&people, unless_told), "{operation}");
        for order in orders(operation) {
            assert_eq!(list(&format!("&sort={order}")), ordered(&people, &order), "{operation}: {order}");
        }
    }
}

#[test]
fn s001_21_additions_during_paging_move_nobody_to_another_page() {
    let (org, word) = crowd();
    for (operation, client, path, _) in lists(&org) {
        for order in orders(operation) {
            let all = ordered(&found(&word), &order);
            let list = format!("{path}?q={word}&sort={order}");
            let first = client.get(&format!("{list}&limit=2")).expect(200);
            let late = unique("aa");
            join(&org, &word, &late, "Aaron");
            let cursor = text(&first, "next_cursor");
            let rest = client.get(&format!("{list}&limit=100&cursor={cursor}")).expect(200);
            let mut seen = column(&first, "email");
            seen.extend(column(&rest, "email"));
            seen.retain(|email| !email.starts_with(&format!("{late}@")));
            assert_eq!(seen, all, "{operation}: {order}");
        }
    }
}

/// The memberships show the new name and address at once: those in organizations that the member uses, and no other.
#[test]
fn s001_21_members_are_listed_and_found_by_a_new_name_and_address_where_their_membership_is_claimed() {
    let (claimed, unclaimed) = (Org::new(), Org::new());
    let person = unclaimed_member(&claimed);
    person.client.get(&claimed.path("/tickets")).expect(200);
    add_unclaimed(&unclaimed, &person, "rbt");
    let (name, email) = (renamed(&person), moved(&person));
    for org in [&claimed, &unclaimed] {
        let shown = org.owner.client.get(&place(org, &person, "")).expect(200);
        for field in ["name", "email"] {
            let list = |query: &str| walk(&org.owner.client, &org.path(&format!("/members?{query}")));
            let members = list(&format!("sort={field}&limit=2"));
            let texts: Vec<String> = members.iter().map(|one| text(one, field)).collect();
            assert!(texts.is_sorted(), "{texts:?}");
            assert!(texts.contains(&text(&shown, field)), "{texts:?}");
        }
        let is_claimed = org.id == claimed.id;
        for words in [&name, &email] {
            let found = org.owner.client.get(&org.path(&format!("/members?q={words}"))).expect(200);
            assert_eq!(column(&found, "user_id").len(), usize::from(is_claimed), "{words}");
        }
    }
}

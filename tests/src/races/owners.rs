//! Somebody has to look after an organization, whatever its owners do to each other.

use serde_json::json;

use super::together::{only, together, with_status};
use crate::harness::{Org, Person, Reply};

/// The active owners of an organization, by id.
fn owners(org: &Org) -> Vec<String> {
    let members =
        org.manager.client.get(&org.path("/members?role=owner&is_active=true&limit=100")).expect(200);
    members["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["user_id"].as_str().unwrap().to_owned())
        .collect()
}

/// What one owner does to another, or to himself.
fn strike(org: &Org, by: &Person, at: &Person, how: usize) -> Reply {
    let place = org.path(&format!("/members/{}", at.id));
    match how {
        0 => by.client.patch(&place, json!({ "roles": ["rbt"] })),
        1 => by.client.delete(&place),
        _ => by.client.patch(&place, json!({ "is_active": false })),
    }
}

/// Makes both owners again, with the help of the one who is left.
fn restore(org: &Org, pair: [&Person; 2]) {
    let left = owners(org);
    let survivor = pair.iter().find(|person| left.contains(&person.id)).unwrap();
    for fallen in pair.iter().filter(|person| !left.contains(&person.id)) {
        let place = org.path(&format!("/members/{}", fallen.id));
        if survivor.client.get(&place).status == 404 {
            let body = json!({ "email": fallen.email, "name": "Back Again", "roles": ["owner"] });
            survivor.client.post(&org.path("/members"), body).expect(201);
        } else {
            survivor.client.patch(&place, json!({ "roles": ["owner"], "is_active": true })).expect(200);
        }
    }
    assert_eq!(owners(org).len(), 2);
}

#[test]
fn s003_an_owner_is_left_when_two_turn_on_each_other_or_leave_together() {
    let org = Org::new();
    let other = org.add_member(&["owner"], &[], None);
    let pair = [&org.owner, &other];
    for round in 0..24 {
        let (how, on_self) = (round % 3, round % 6 >= 3);
        let replies = together(2, |number| {
            let at = if on_self { pair[number] } else { pair[1 - number] };
            strike(&org, pair[number], at, if round >= 18 { (how + number) % 3 } else { how })
        });
        let refusals = [
            (200, ""),
            (204, ""),
            (409, "last_owner"),
            (403, "forbidden"),
            (403, "account_disabled"),
            (404, "not_found"),
        ];
        only(&replies, &refusals);
        let left = owners(&org);
        assert_eq!(left.len(), 1, "round {round}: {left:?} are left after {replies:?}");
        assert_eq!(
            with_status(&replies, 200).len() + with_status(&replies, 204).len(),
            1,
            "round {round}: {replies:?}"
        );
        restore(&org, pair);
    }
}

#[test]
fn of_four_owners_one_is_left_when_all_turn_on_all() {
    for _ in 0..2 {
        let org = Org::new();
        let more: Vec<Person> = (0..3).map(|_| org.add_member(&["owner"], &[], None)).collect();
        let all: Vec<&Person> = std::iter::once(&org.owner).chain(&more).collect();
        let replies = together(16, |number| strike(&org, all[number / 4], all[number % 4], number % 3));
        let refusals = [
            (200, ""),
            (204, ""),
            (409, "last_owner"),
            (403, "forbidden"),
            (403, "account_disabled"),
            (404, "not_found"),
        ];
        only(&replies, &refusals);
        assert!(!owners(&org).is_empty(), "nobody is left after {replies:?}");
    }
}

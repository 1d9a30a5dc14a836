//! Ticket numbers.

use serde_json::json;

use super::concurrently::{only, together, with_status};
use crate::faults::snapshot::rows;
use crate::harness::{Org, World};

/// The numbers of an organization's tickets, in order.
pub(super) fn numbers(org: &Org) -> Vec<i64> {
    let tickets = rows(&org.owner.client, &org.path("/tickets"));
    let mut numbers: Vec<i64> =
        tickets.as_array().unwrap().iter().map(|ticket| ticket["number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn forty_creates_at_once_are_numbered_without_gap_or_duplicate() {
    let world = World::new();
    let replies = together(40, |number| {
        let org = if number % 4 == 3 { &world.b } else { &world.a };
        let by = if number % 2 == 0 { &org.rbt } else { &org.manager };
        org.ticket_with(by, json!({ "urgency": "low" }))
    });
    only(&replies, &[(201, "")]);
    assert_eq!(numbers(&world.a), (1..=30).collect::<Vec<_>>());
    assert_eq!(numbers(&world.b), (1..=10).collect::<Vec<_>>());
}

#[test]
fn refused_creates_leave_no_gap() {
    let org = Org::new();
    let nowhere = "0198c1f2-b7a0-7c3f-8d5e-000000000000";
    let replies = together(30, |number| match number % 3 {
        0 => org.ticket_with(&org.rbt, json!({ "urgency": "low" })),
        1 => org.ticket_with(&org.rbt, json!({ "urgency": "low", "location_id": nowhere })),
        _ => org.ticket_with(&org.rbt, json!({ "urgency": "low", "attachment_ids": [nowhere] })),
    });
    only(&replies, &[(201, ""), (422, "reference_not_found")]);
    assert_eq!(with_status(&replies, 201).len(), 10);
    assert_eq!(numbers(&org), (1..=10).collect::<Vec<_>>());
}

#[test]
fn follow_ups_are_numbered_with_the_others() {
    let org = Org::new();
    let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    org.owner.client.post(&format!("{path}/close"), json!({ "force": true })).expect(200);
    let replies = together(20, |number| match number % 2 {
        0 => org.rbt.client.post(&format!("{path}/follow-up"), json!({ "details": "It is back" })),
        _ => org.ticket_with(&org.rbt, json!({ "urgency": "low" })),
    });
    only(&replies, &[(201, "")]);
    assert_eq!(numbers(&org), (1..=21).collect::<Vec<_>>());
}

#[test]
fn a_name_is_taken_once() {
    let org = Org::new();
    let twins = |make: &(dyn Fn() -> crate::harness::Reply + Sync)| {
        let replies = together(8, |_| make());
        only(&replies, &[(201, ""), (409, "already_exists")]);
        assert_eq!(with_status(&replies, 201).len(), 1, "{replies:?}");
    };
    let owner = &org.owner.client;
    twins(&|| owner.post(&org.path("/locations"), json!({ "name": "Twin" })));
    twins(&|| owner.post(&org.path("/categories"), json!({ "key": "twin", "name": "Twin" })));
    twins(&|| {
        owner.post(
            &org.path("/members"),
            json!({ "email": "twin@twins.example", "name": "Tina Twin", "roles": ["rbt"] }),
        )
    });
    let slug = crate::harness::unique("twins");
    let email = format!("{slug}@twins.example");
    let platform = &crate::harness::platform_owner().client;
    twins(&|| {
        platform.post(
            "/orgs",
            json!({ "name": "Twins", "slug": slug, "first_admin": { "email": email, "name": "Tom" } }),
        )
    });
    let named = |list: &str, name: &str, value: &str| {
        let all = rows(owner, &org.path(&format!("/{list}")));
        all.as_array().unwrap().iter().filter(|row| row[name] == value).count()
    };
    assert_eq!(
        (
            named("locations", "name", "Twin"),
            named("categories", "key", "twin"),
            named("members", "email", "twin@twins.example")
        ),
        (1, 1, 1)
    );
}

//! Cursors of other lists, and invented ones.

use serde_json::json;

use crate::harness::{Org, World};

fn cursor(org: &Org, query: &str) -> String {
    let page = org.owner.client.get(&org.path(query)).expect(200);
    page["next_cursor"].as_str().unwrap_or_else(|| panic!("one page only: {page}")).to_owned()
}

fn fill(org: &Org) {
    for urgency in ["low", "normal", "low", "normal"] {
        org.ticket_with(&org.rbt, json!({ "urgency": urgency })).expect(201);
    }
}

#[test]
fn a_cursor_is_valid_only_for_its_list_and_filters() {
    let world = World::new();
    fill(&world.a);
    fill(&world.b);
    let org = &world.a;
    let client = &org.owner.client;
    let own = cursor(org, "/tickets?limit=1");
    client.get(&org.path(&format!("/tickets?limit=1&cursor={own}"))).expect(200);
    client.get(&org.path(&format!("/tickets?limit=2&include_total=true&cursor={own}"))).expect(200);
    let others = [
        format!("/tickets?limit=1&status=open&cursor={own}"),
        format!("/tickets?limit=1&sort=created_at&cursor={own}"),
        format!("/tickets?limit=1&q=tablet&cursor={own}"),
        format!("/members?limit=1&cursor={own}"),
        format!("/locations?limit=1&cursor={own}"),
        format!("/categories?limit=1&cursor={own}"),
        format!("/roles?limit=1&cursor={own}"),
        format!("/permissions?limit=1&cursor={own}"),
    ];
    for path in others {
        client.get(&org.path(&path)).refused(400, "invalid_cursor");
    }
    for path in ["/orgs", "/me/sessions"] {
        client.get(&format!("{path}?limit=1&cursor={own}")).refused(400, "invalid_cursor");
    }
    let filtered = cursor(org, "/tickets?limit=1&priority=low");
    client.get(&org.path(&format!("/tickets?limit=1&cursor={filtered}"))).refused(400, "invalid_cursor");
    client
        .get(&org.path(&format!("/tickets?limit=1&priority=normal&cursor={filtered}")))
        .refused(400, "invalid_cursor");
    let foreign = &world.b;
    foreign
        .owner
        .client
        .get(&foreign.path(&format!("/tickets?limit=1&cursor={own}")))
        .refused(400, "invalid_cursor");
}

#[test]
fn an_invented_cursor_is_refused() {
    let org = Org::new();
    fill(&org);
    let good = cursor(&org, "/tickets?limit=1");
    let last = if good.ends_with('A') { "B" } else { "A" };
    let first = if good.starts_with('A') { "B" } else { "A" };
    let made_up = [
        format!("{}{last}", &good[..good.len() - 2]),
        format!("{first}{}", &good[1..]),
        good[..good.len() / 2].to_owned(),
        format!("{good}{good}"),
        format!("{good}="),
        good.to_uppercase(),
        "AAAA".to_owned(),
        "0".to_owned(),
        "last".to_owned(),
        "%2A%2A%2A".to_owned(),
        "A".repeat(2000),
        "eyJpZCI6MX0".to_owned(),
        "%F0%9F%98%80".to_owned(),
    ];
    for cursor in made_up {
        org.owner
            .client
            .get(&org.path(&format!("/tickets?limit=1&cursor={cursor}")))
            .refused(400, "invalid_cursor");
    }
    for cursor in [String::new(), "A".repeat(2001)] {
        org.owner
            .client
            .get(&org.path(&format!("/tickets?limit=1&cursor={cursor}")))
            .refused(422, "validation_failed");
    }
}

#[test]
fn a_cursor_grants_nothing() {
    let org = Org::new();
    fill(&org);
    let of_owner = cursor(&org, "/tickets?limit=1");
    let page = org.rbt2.client.get(&org.path(&format!("/tickets?limit=1&cursor={of_owner}"))).expect(200);
    assert_eq!(page["data"], json!([]), "whoever has filed nothing sees nothing");
    let world = World::new();
    world
        .a
        .owner
        .client
        .get(&org.path(&format!("/tickets?limit=1&cursor={of_owner}")))
        .refused(404, "not_found");
}

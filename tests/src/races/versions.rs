//! Concurrent changes of the same resource.

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::harness::{Client, Org, Reply};

/// Several changes with one tag: one is made, and the others get the current tag. The bodies of even and of
/// odd rounds differ, so that each would change something.
fn one_wins(clients: [&Client; 2], method: &str, read: &str, write: &str, bodies: &[[Value; 2]; 2]) {
    for round in 0..6 {
        let etag = clients[0].get(read).etag();
        let replies = together(6, |n| {
            clients[n % 2].send_json(method, write, &[("If-Match", &etag)], &bodies[round % 2][n % 2])
        });
        only(&replies, &[(200, ""), (412, "precondition_failed")]);
        let won = with_status(&replies, 200);
        assert_eq!(won.len(), 1, "{write}: {replies:?}");
        let now = clients[0].get(read);
        assert_ne!(now.etag(), etag);
        for refused in with_status(&replies, 412) {
            assert_eq!(version(refused), version(&now), "{refused}");
        }
        assert_eq!(now.expect(200)["updated_at"], won[0].body["updated_at"], "{write}");
    }
}

/// The version in a tag.
fn version(reply: &Reply) -> String {
    reply.etag().trim_matches('"').split('-').next().unwrap_or_default().to_owned()
}

fn pairs(name: &str, values: [Value; 4]) -> [[Value; 2]; 2] {
    let [a, b, c, d] = values.map(|value| json!({ name: value }));
    [[a, b], [c, d]]
}

#[test]
fn of_two_changes_with_one_etag_one_is_412() {
    let org = Org::new();
    let (owner, manager) = (&org.owner.client, &org.manager.client);
    let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let ticket = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let texts = || ["One", "Two", "Three", "Four"].map(Value::from);
    let priorities = ["high", "critical", "low", "normal"].map(Value::from);
    one_wins([owner, manager], "PATCH", &ticket, &ticket, &pairs("priority", priorities));
    one_wins([&org.rbt.client; 2], "PATCH", &ticket, &ticket, &pairs("subject", texts()));
    let place = org.path(&format!("/locations/{}", org.riverside));
    one_wins([owner; 2], "PATCH", &place, &place, &pairs("address", texts()));
    let own = org.path("");
    one_wins([owner; 2], "PATCH", &own, &own, &pairs("name", texts()));
    let member = org.path(&format!("/members/{}", org.rbt2.id));
    let roles = [json!(["bcba"]), json!(["manager"]), json!(["rbt"]), json!(["rbt", "bcba"])];
    one_wins([owner; 2], "PATCH", &member, &member, &pairs("roles", roles));
    let role = org.path("/roles/bcba");
    let sets = [
        json!(["create_tickets"]),
        json!(["create_tickets", "manage_categories"]),
        json!(["create_tickets", "manage_tickets"]),
        json!(["manage_tickets"]),
    ];
    one_wins([owner; 2], "PUT", &role, &format!("{role}/permissions"), &pairs("permissions", sets));
}

#[test]
fn without_a_tag_changes_of_different_fields_are_not_lost() {
    let org = Org::new();
    for _ in 0..5 {
        let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
        let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
        let replies = together(4, |number| match number {
            0 => org.owner.client.patch(&path, json!({ "priority": "critical" })),
            1 => org.manager.client.patch(&path, json!({ "assignee_id": org.manager.id })),
            2 => org.manager.client.patch(&path, json!({ "location_id": org.riverside })),
            _ => org.rbt.client.patch(&path, json!({ "subject": "Changed meanwhile" })),
        });
        only(&replies, &[(200, "")]);
        let read = org.owner.client.get(&path).expect(200);
        assert_eq!(read["priority"], "critical", "{read}");
        assert_eq!(read["assignee_id"], org.manager.id.as_str(), "{read}");
        assert_eq!(read["location_id"], org.riverside.as_str(), "{read}");
        assert_eq!(read["subject"], "Changed meanwhile", "{read}");
    }
}

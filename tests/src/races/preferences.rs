//! Permission requests that are filed, or decided on, at the same moment: S000-17 to S000-19.

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::harness::{Org, Person, Reply};

const ROUNDS: usize = 20;

fn ask(org: &Org, by: &Person) -> Reply {
    let body = json!({ "requested_role": "manager", "justification": "I take over nights." });
    by.client.post(&org.path("/permission-requests"), body)
}

/// The permission requests that a query finds.
fn preferences(org: &Org, query: &str) -> Vec<Value> {
    let page = org.owner.client.get(&org.path(&format!("/permission-requests?limit=100{query}"))).expect(200);
    page["data"].as_array().unwrap().clone()
}

/// Whether the member has the requested role.
fn is_manager(org: &Org, person: &Person) -> bool {
    let member = org.owner.client.get(&org.path(&format!("/members/{}", person.id))).expect(200);
    member["roles"].as_array().unwrap().contains(&json!("manager"))
}

#[test]
fn s000_17_of_twenty_equal_permission_requests_at_once_one_is_filed() {
    let org = Org::new();
    for person in [&org.rbt, &org.rbt2, &org.bcba] {
        let replies = together(20, |_| ask(&org, person));
        only(&replies, &[(201, ""), (409, "already_exists")]);
        assert_eq!(with_status(&replies, 201).len(), 1, "{replies:?}");
        assert_eq!(with_status(&replies, 409).len(), 19, "{replies:?}");
        let mine = person.client.get(&org.path("/permission-requests")).expect(200);
        assert_eq!(mine["data"].as_array().map(Vec::len), Some(1), "{mine}");
    }
    assert_eq!(preferences(&org, "&is_decided=false").len(), 3);
}

#[test]
fn s000_18_s000_19_of_a_grant_and_a_denial_at_once_one_is_effective() {
    let org = Org::new();
    let second = org.add_member(&["owner"], &[], None);
    let deciders = [&org.owner, &second];
    let member = org.path(&format!("/members/{}", org.rbt.id));
    for round in 0..ROUNDS {
        let wish = ask(&org, &org.rbt).expect(201);
        let path = org.path(&format!("/permission-requests/{}", wish["id"].as_str().unwrap()));
        let replies = together(2, |number| {
            let by = deciders[(number + round) % 2];
            let verb = ["grant", "deny"][number];
            let review = json!({
                "identity_check": "Called back.", "consulted": "Mona Manager", "explanation": verb
            });
            by.client.post(&format!("{path}/{verb}"), review)
        });
        only(&replies, &[(200, ""), (409, "invalid_transition")]);
        assert_eq!(with_status(&replies, 200).len(), 1, "round {round}: {replies:?}");
        let is_granted = replies[0].status == 200;
        let (status, verb) = if is_granted { ("granted", "grant") } else { ("denied", "deny") };
        let after = org.owner.client.get(&path).expect(200);
        assert_eq!(
            (&after["status"], &after["explanation"]),
            (&json!(status), &json!(verb)),
            "round {round}: {after}"
        );
        let role = if is_granted { json!("manager") } else { Value::Null };
        assert_eq!(after["granted_role"], role, "round {round}: {after}");
        let winner = deciders[(usize::from(!is_granted) + round) % 2];
        assert_eq!(after["decided_by"], json!(winner.id), "round {round}: {after}");
        assert_eq!(is_manager(&org, &org.rbt), is_granted, "round {round}: {after}");
        if is_granted {
            org.owner.client.patch(&member, json!({ "roles": ["rbt"] })).expect(200);
        }
    }
    assert_eq!(preferences(&org, "&is_decided=true").len(), ROUNDS);
    assert_eq!(preferences(&org, "&is_decided=false").len(), 0);
}

//! Concurrent transfers of an account to two organizations: S003-12.

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::harness::{Client, Org, Person, Reply, platform_owner, second_platform_owner};

const ROUNDS: usize = 10;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn move_by(client: &Client, person: &Person, from: &Org, to: &Org) -> Reply {
    let body =
        json!({"from_org_id": from.id, "to_org_id": to.id, "roles": ["rbt"], "reason": "Changed jobs."});
    client.post(&format!("/users/{}/transfer", person.id), body)
}

/// The organizations of a person.
fn orgs_of(person: &Person) -> Vec<String> {
    let account = platform_owner().client.get(&format!("/users/{}", person.id)).expect(200);
    account["memberships"].as_array().unwrap().iter().map(|m| text(&m["org_id"]).to_owned()).collect()
}

#[test]
fn s003_12_of_two_transfers_at_once_one_is_effective() {
    let (from, places) = (Org::new(), [Org::new(), Org::new()]);
    let movers = [&platform_owner().client, &second_platform_owner().client];
    for _ in 0..ROUNDS {
        let person = from.add_member(&["rbt"], &[], None);
        let replies = together(2, |number| move_by(movers[number], &person, &from, &places[number]));
        only(&replies, &[(200, ""), (422, "reference_not_found")]);
        assert_eq!(with_status(&replies, 200).len(), 1, "{replies:?}");
        let winner = replies.iter().position(|reply| reply.status == 200).unwrap();
        assert_eq!(orgs_of(&person), [places[winner].id.clone()]);
    }
}

#[test]
fn s003_12_a_transfer_and_an_addition_at_once_make_one_membership() {
    let (from, to) = (Org::new(), Org::new());
    let add = json!({"name": "Sam Field", "roles": ["rbt"]});
    for _ in 0..ROUNDS {
        let person = from.add_member(&["rbt"], &[], None);
        let replies = together(2, |number| match number {
            0 => move_by(&platform_owner().client, &person, &from, &to),
            _ => {
                let mut body = add.clone();
                body["email"] = json!(person.email);
                to.owner.client.post(&to.path("/members"), body)
            }
        });
        only(&replies, &[(200, ""), (201, ""), (409, "already_exists")]);
        assert_eq!(with_status(&replies, 409).len(), 1, "one of the two came first: {replies:?}");
        let found = orgs_of(&person);
        assert!(found.contains(&to.id), "{found:?}");
        assert_eq!(found.contains(&from.id), replies[0].status == 409, "{found:?}");
    }
}

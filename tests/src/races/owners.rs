//! An organization always has an owner, whatever its owners do to each other.

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
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

/// A prepared act by which an owner loses the role: a path and its body.
struct Demotion<'a> {
    by: &'a Person,
    path: String,
    body: Option<Value>,
}

impl<'a> Demotion<'a> {
    /// Demoted, removed or suspended. The first two are requested by one owner and approved by a second.
    fn prepare(org: &Org, asker: &Person, second: &'a Person, at: &Person, how: usize) -> Self {
        let place = org.path(&format!("/members/{}", at.id));
        let asked = match how {
            0 => asker.client.patch(&place, json!({ "roles": ["rbt"], "reason": "Leaves the board." })),
            1 => asker.client.delete(&place),
            _ => {
                let body = Some(json!({ "reason": "Away." }));
                return Self { by: second, path: format!("{place}/suspend"), body };
            }
        };
        let id = asked.expect(202)["id"].as_str().unwrap().to_owned();
        Self { by: second, path: org.path(&format!("/approvals/{id}/approve")), body: None }
    }

    fn send(&self) -> Reply {
        match &self.body {
            Some(body) => self.by.client.post(&self.path, body.clone()),
            None => self.by.client.post_empty(&self.path),
        }
    }
}

const OUTCOMES: [(u16, &str); 6] = [
    (200, ""),
    (409, "last_owner"),
    (409, "conflict"),
    (403, "forbidden"),
    (403, "account_disabled"),
    (404, "not_found"),
];

/// Makes both owners again, through the one who is left.
fn restore(org: &Org, pair: [&Person; 2]) {
    let left = owners(org);
    let survivor = pair.iter().find(|person| left.contains(&person.id)).unwrap();
    for former_owner in pair.iter().filter(|person| !left.contains(&person.id)) {
        let place = org.path(&format!("/members/{}", former_owner.id));
        let found = survivor.client.get(&place);
        if found.status == 404 {
            let body = json!({ "email": former_owner.email, "name": "Back Again", "roles": ["owner"] });
            survivor.client.post(&org.path("/members"), body).expect(201);
            former_owner.client.get(&org.path("")).expect(200);
        } else if found.body["is_active"] == false {
            let body = json!({ "reason": "Back again." });
            survivor.client.post(&format!("{place}/reactivate"), body).expect(200);
        } else {
            survivor.client.patch(&place, json!({ "roles": ["owner"] })).expect(200);
        }
    }
    let approvals = survivor.client.get(&org.path("/approvals?limit=100")).expect(200);
    let open =
        approvals["data"].as_array().unwrap().iter().filter(|approval| approval["status"] == "pending");
    for approval in open {
        let deny = org.path(&format!("/approvals/{}/deny", approval["id"].as_str().unwrap()));
        survivor.client.post_empty(&deny).expect(200);
    }
    org.let_votes_start();
    assert_eq!(owners(org).len(), 2);
}

#[test]
fn s003_11_an_owner_remains_when_two_act_on_each_other_or_leave_together() {
    let org = Org::new();
    let other = org.add_member(&["owner"], &[], None);
    let pair = [&org.owner, &other];
    for round in 0..50 {
        let (how, on_self) = (round % 3, round % 6 >= 3);
        let demotions = [0, 1].map(|number| {
            let at = if on_self { pair[number] } else { pair[1 - number] };
            let how = if round >= 18 { (how + number) % 3 } else { how };
            // A suspension requires no approval; for other changes the other owner is the second approver.
            let second = if how == 2 { pair[number] } else { pair[1 - number] };
            Demotion::prepare(&org, pair[number], second, at, how)
        });
        let replies = together(2, |number| demotions[number].send());
        only(&replies, &OUTCOMES);
        let left = owners(&org);
        assert_eq!(left.len(), 1, "round {round}: {left:?} are left after {replies:?}");
        assert_eq!(with_status(&replies, 200).len(), 1, "round {round}: {replies:?}");
        restore(&org, pair);
    }
}

#[test]
fn of_four_owners_one_remains_when_all_act_on_all() {
    for _ in 0..2 {
        let org = Org::new();
        let more: Vec<Person> = (0..3).map(|_| org.add_member(&["owner"], &[], None)).collect();
        org.let_votes_start();
        let all: Vec<&Person> = std::iter::once(&org.owner).chain(&more).collect();
        let demotions: Vec<Demotion> = (0..12)
            .map(|number| {
                let (at, how) = (all[number % 4], number / 4);
                Demotion::prepare(&org, all[(number + 1) % 4], all[(number + 2) % 4], at, how)
            })
            .collect();
        let replies = together(12, |number| demotions[number].send());
        only(&replies, &OUTCOMES);
        assert!(!owners(&org).is_empty(), "nobody is left after {replies:?}");
    }
}

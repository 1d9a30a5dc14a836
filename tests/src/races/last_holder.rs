//! The last owner of an organization or of the platform cannot be removed, by any two concurrent acts
//! (S003-11).

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::harness::{
    Client, Org, OwnServer, PASSWORD, Person, Reply, let_platform_votes_start, platform_owner,
    second_platform_owner,
};

const ROUNDS: usize = 50;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn why() -> Value {
    json!({ "reason": "Asked for." })
}

/// A prepared act by which an owner loses the role.
struct Demotion {
    by: Client,
    path: String,
    body: Value,
    /// It takes a while before it has an effect.
    is_slow: bool,
}

impl Demotion {
    fn new(by: &Person, path: String, body: Value) -> Self {
        Self { by: by.client.clone(), path, body, is_slow: false }
    }

    /// By the approval of a second approver.
    fn approved_by(by: &Person, approvals: &str, asked: &Value) -> Self {
        Self::new(by, format!("{approvals}/{}/approve", text(&asked["id"])), Value::Null)
    }

    fn own_deletion(person: &Person) -> Self {
        let body =
            json!({ "current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true });
        Self { is_slow: true, ..Self::new(person, "/me/schedule-deletion".to_owned(), body) }
    }

    fn send(&self) -> Reply {
        match &self.body {
            Value::Null => self.by.post_empty(&self.path),
            body => self.by.post(&self.path, body.clone()),
        }
    }
}

/// Both at once; an act without a password check is delayed by something else.
fn at_once(demotions: &[Demotion; 2], round: usize) -> Vec<Reply> {
    together(2, |number| {
        if demotions[1 - number].is_slow && !demotions[number].is_slow {
            sleep(Duration::from_millis(u64::try_from(round % 10).unwrap() * 8));
        }
        demotions[number].send()
    })
}

/// Reactivates an account whose owner was suspended or requested its deletion.
fn bring_back(person: &mut Person, by: &Client, at: &Client) {
    let path = format!("/users/{}", person.id);
    let account = by.get(&path).expect(200);
    let way = match text(&account["status"]) {
        "suspended" => "reactivate",
        "deletion_scheduled" => "cancel-deletion",
        _ => return,
    };
    by.post(&format!("{path}/{way}"), why()).expect(200);
    person.client = at.logged_in(&person.email, PASSWORD);
}

/// Denies the pending requests about these people.
fn deny_open(by: &Client, approvals: &str, about: &[Person; 2]) {
    let known = by.get(&format!("{approvals}?limit=100")).expect(200);
    let is_open = |asked: &&Value| {
        asked["status"] == "pending" && about.iter().any(|person| asked["user_id"] == person.id.as_str())
    };
    for asked in known["data"].as_array().unwrap().iter().filter(is_open) {
        by.post_empty(&format!("{approvals}/{}/deny", text(&asked["id"]))).expect(200);
    }
}

/// The owners who can log in and manage the organization.
fn owners(org: &Org) -> Vec<String> {
    let members = org.manager.client.get(&org.path("/members?role=owner&limit=100")).expect(200);
    let members = members["data"].as_array().unwrap().iter();
    let counting = members.filter(|m| m["is_active"] == true && m["account_status"] == "active");
    counting.map(|m| text(&m["user_id"]).to_owned()).collect()
}

const WAYS_OF_AN_ACCOUNT: usize = 3;
const WAYS_OF_AN_OWNER: usize = 6;

/// The first three affect the account, the others the membership.
fn demotion_of_owner(org: &Org, person: &Person, other: &Person, number: usize) -> Demotion {
    let (user, member) = (format!("/users/{}", person.id), org.path(&format!("/members/{}", person.id)));
    match number {
        0 => Demotion::own_deletion(person),
        1 => Demotion::new(platform_owner(), format!("{user}/suspend"), why()),
        2 => {
            let body = json!({
                "identity_method": "call_back", "retention_notice_version": 1,
                "is_confirmed": true, "reason": "Asked for."
            });
            let asked = platform_owner().client.post(&format!("{user}/schedule-deletion"), body).expect(202);
            Demotion::approved_by(second_platform_owner(), "/approvals", &asked)
        }
        3 => {
            let body = json!({ "roles": ["rbt"], "reason": "Leaves the board." });
            let asked = other.client.patch(&member, body).expect(202);
            Demotion::approved_by(person, &org.path("/approvals"), &asked)
        }
        4 => {
            let asked = other.client.delete(&member).expect(202);
            Demotion::approved_by(person, &org.path("/approvals"), &asked)
        }
        _ => Demotion::new(person, format!("{member}/suspend"), why()),
    }
}

/// Makes both owners again.
fn restore_owners(org: &Org, pair: &mut [Person; 2]) {
    let platform = &platform_owner().client;
    pair.iter_mut().for_each(|person| bring_back(person, platform, &Client::anonymous()));
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
            survivor.client.post(&format!("{place}/reactivate"), why()).expect(200);
        } else {
            survivor.client.patch(&place, json!({ "roles": ["owner"] })).expect(200);
        }
    }
    deny_open(platform, "/approvals", pair);
    deny_open(&survivor.client, &org.path("/approvals"), pair);
    org.let_votes_start();
    assert_eq!(owners(org).len(), 2);
}

#[test]
fn s003_11_an_owner_remains_when_one_account_and_one_membership_end_at_once() {
    let org = Org::new();
    let mut pair = [org.owner.clone(), org.add_member(&["owner"], &[], None)];
    for round in 0..ROUNDS {
        let (first, second) = (round % WAYS_OF_AN_ACCOUNT, round / WAYS_OF_AN_ACCOUNT % WAYS_OF_AN_OWNER);
        let demotions = [
            demotion_of_owner(&org, &pair[0], &pair[1], first),
            demotion_of_owner(&org, &pair[1], &pair[0], second),
        ];
        let replies = at_once(&demotions, round);
        only(&replies, &[(200, ""), (202, ""), (409, "last_owner")]);
        let left = owners(&org);
        assert_eq!(left.len(), 1, "round {round}, {first} and {second}: {left:?} after {replies:?}");
        assert_eq!(with_status(&replies, 409).len(), 1, "round {round}: {replies:?}");
        restore_owners(&org, &mut pair);
        pair.swap(0, 1);
    }
}

const ROLE: &str = "platform-roles/platform_owner";

/// Acts against a platform owner: the role revoked, the account suspended, or a deletion at their own
/// request.
fn demotion_of_platform_owner(person: &Person, other: &Person, number: usize) -> Demotion {
    let user = format!("/users/{}", person.id);
    match number {
        0 => {
            let asked = other.client.delete(&format!("{user}/{ROLE}")).expect(202);
            assert_eq!(asked["status"], "pending", "there is somebody who can agree");
            Demotion::approved_by(person, "/approvals", &asked)
        }
        1 => Demotion::new(other, format!("{user}/suspend"), why()),
        _ => Demotion::own_deletion(person),
    }
}

fn is_platform_owner(person: &Person) -> bool {
    person.client.get("/users?limit=1").status == 200
}

/// An owner who lost the role meanwhile has no permission any more.
const OUTCOMES: [(u16, &str); 6] = [
    (200, ""),
    (202, ""),
    (409, "last_owner"),
    (403, "forbidden"),
    (403, "account_disabled"),
    (401, "token_revoked"),
];

#[test]
fn s003_11_a_platform_owner_remains_after_any_two_concurrent_acts() {
    const WAYS: usize = 3;
    let own = OwnServer::start(&[]);
    let first = own.platform_owner().clone();
    let second = Org::on(&first).rbt;
    first.client.put(&format!("/users/{}/{ROLE}", second.id), why()).expect(202);
    let mut pair = [first, second];
    for round in 0..ROUNDS {
        let (one, two) = (round % WAYS, round / WAYS % WAYS);
        let demotions = [
            demotion_of_platform_owner(&pair[0], &pair[1], one),
            demotion_of_platform_owner(&pair[1], &pair[0], two),
        ];
        let replies = at_once(&demotions, round);
        only(&replies, &OUTCOMES);
        let left: Vec<usize> = (0..2).filter(|number| is_platform_owner(&pair[*number])).collect();
        assert_eq!(left.len(), 1, "round {round}, {one} and {two}: {left:?} after {replies:?}");
        let gone = replies.iter().filter(|reply| reply.status < 300).count();
        assert_eq!(gone, 1, "round {round}, {one} and {two}: {replies:?}");

        let survivor = pair[left[0]].client.clone();
        deny_open(&survivor, "/approvals", &pair);
        let former_owner = &mut pair[1 - left[0]];
        bring_back(former_owner, &survivor, &own.client());
        let_platform_votes_start(&own);
        if !is_platform_owner(former_owner) {
            let given = survivor.put(&format!("/users/{}/{ROLE}", former_owner.id), why()).expect(202);
            assert_eq!(given["status"], "approved", "nobody else could agree");
        }
        assert!(is_platform_owner(former_owner), "round {round}");
    }
}

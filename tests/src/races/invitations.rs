//! Concurrent decisions on an invitation: one is effective, and the others are refused.

use std::collections::HashSet;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::concurrently::{only, together, with_status};
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply, TEST_CLOCK, server, unique};

const ROUNDS: usize = 30;

/// Somebody is invited to an organization.
struct Invited<'a> {
    org: &'a Org,
    path: String,
    code: String,
}

impl<'a> Invited<'a> {
    fn new(org: &'a Org, email: &str, until: Option<DateTime<Utc>>) -> Self {
        let mut body = json!({ "email": email, "roles": ["rbt"] });
        if let Some(until) = until {
            body["valid_until"] = json!(until.to_rfc3339());
        }
        let made = org.owner.client.post(&org.path("/invitations"), body).expect(201);
        let path = org.path(&format!("/invitations/{}", made["id"].as_str().unwrap()));
        let url = org.owner.client.get(&format!("{path}/url")).expect(200);
        Self { org, path, code: url["code"].as_str().unwrap().to_owned() }
    }

    fn accept(&self, by: &Person) -> Reply {
        by.client.post("/invitation-codes/accept", json!({ "code": self.code }))
    }

    fn decline(&self) -> Reply {
        let nobody = Client { token: None, ..self.org.owner.client.clone() };
        nobody.post("/invitation-codes/decline", json!({ "code": self.code }))
    }

    fn revoke(&self) -> Reply {
        self.org.owner.client.post_empty(&format!("{}/revoke", self.path))
    }

    fn read(&self) -> Reply {
        self.org.owner.client.get(&self.path)
    }

    /// Whether the person is a member; if so, ends the membership for the next round.
    fn has_joined(&self, person: &Person) -> bool {
        let member = self.org.path(&format!("/members/{}", person.id));
        let found = self.org.owner.client.get(&member);
        let sees = person.client.get(&self.org.path("/tickets")).status;
        assert_eq!(found.status == 200, sees == 200, "{found}");
        if found.status == 200 {
            self.org.owner.client.delete(&member).expect(204);
        }
        found.status == 200
    }
}

/// A decision on an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Accept,
    Decline,
    Revoke,
    Delete,
}

impl Act {
    fn on(self, invited: &Invited<'_>, person: &Person) -> Reply {
        match self {
            Self::Accept => invited.accept(person),
            Self::Decline => invited.decline(),
            Self::Revoke => invited.revoke(),
            Self::Delete => invited.org.owner.client.delete(&invited.path),
        }
    }

    /// The refusal of a late decision.
    fn refusal(self) -> (u16, &'static str) {
        match self {
            Self::Accept | Self::Decline => (410, "gone"),
            Self::Revoke => (409, "invalid_transition"),
            Self::Delete => (409, "conflict"),
        }
    }

    /// The outcome; of a deleted invitation, a 404 remains.
    fn outcome(self) -> Value {
        match self {
            Self::Accept => json!("accepted"),
            Self::Decline => json!("declined"),
            Self::Revoke => json!("revoked"),
            Self::Delete => json!(404),
        }
    }
}

#[test]
fn of_two_decisions_on_an_invitation_one_is_effective() {
    use Act::{Accept, Decline, Delete, Revoke};
    let own = OwnServer::start(&[]);
    let [org, other] = [(); 2].map(|()| Org::on(own.platform_owner()));
    let pairs = [[Accept, Revoke], [Accept, Decline], [Accept, Delete], [Decline, Revoke], [Decline, Delete]];
    for round in 0..ROUNDS * 2 {
        let acts = pairs[round % pairs.len()];
        own.end_mail_pauses();
        let invited = Invited::new(&org, &other.rbt.email, None);
        let replies = together(2, |number| acts[number].on(&invited, &other.rbt));
        let won: Vec<Act> = (0..2).filter(|n| replies[*n].status < 300).map(|n| acts[n]).collect();
        assert_eq!(won.len(), 1, "round {round}, {acts:?}: {replies:?}");
        for (act, reply) in acts.iter().zip(&replies).filter(|(act, _)| **act != won[0]) {
            assert_eq!((reply.status, reply.code()), act.refusal(), "round {round}: {reply}");
        }
        assert_eq!(invited.read().body["status"], won[0].outcome(), "round {round}");
        assert_eq!(invited.has_joined(&other.rbt), won[0] == Accept, "round {round}");
    }
}

#[test]
fn of_two_accounts_that_accept_only_the_invited_one_joins_and_once() {
    let own = OwnServer::start(&[]);
    let [org, other] = [(); 2].map(|()| Org::on(own.platform_owner()));
    for round in 0..ROUNDS / 2 {
        own.end_mail_pauses();
        let invited = Invited::new(&org, &other.rbt.email, None);
        let replies = together(10, |number| match number {
            0..4 => invited.accept(&other.rbt),
            4..8 => invited.accept(&other.rbt2),
            8 => invited.revoke(),
            _ => invited.decline(),
        });
        only(&replies[..4], &[(200, ""), (410, "gone")]);
        only(&replies[4..8], &[(403, "forbidden"), (410, "gone")]);
        only(&replies[8..9], &[(200, ""), (409, "invalid_transition")]);
        only(&replies[9..], &[(204, ""), (410, "gone")]);
        let won: Vec<usize> = (0..10).filter(|n| replies[*n].status < 300).collect();
        assert_eq!(won.len(), 1, "round {round}: {replies:?}");
        assert_eq!(invited.has_joined(&other.rbt), won[0] < 4, "round {round}");
        assert!(!invited.has_joined(&other.rbt2), "round {round}: let in with another's invitation");
    }
}

#[test]
fn at_its_last_instant_an_invitation_is_accepted_or_expired() {
    let own = OwnServer::start(&[TEST_CLOCK]);
    let [org, other] = [(); 2].map(|()| Org::on(own.platform_owner()));
    let person = &other.rbt;
    // By how many milliseconds the acceptances are ahead of the clock: less after one that was in time, more after
    // one that was too late, so that the two stay as close as can be.
    let mut ahead = 0;
    let mut seen = HashSet::new();
    for _ in 0..ROUNDS {
        own.end_mail_pauses();
        let end = own.clock().now() + TimeDelta::seconds(20);
        let invited = Invited::new(&org, &person.email, Some(end));
        let replies = Mutex::new(Vec::new());
        together(3, |number| {
            let wait = if number == 0 { ahead } else { -ahead };
            sleep(Duration::from_millis(u64::try_from(wait).unwrap_or(0)));
            if number == 0 {
                own.clock().advance_to(end);
            } else {
                let reply = invited.accept(person);
                replies.lock().unwrap().push(reply);
            }
        });
        let replies = replies.into_inner().unwrap();
        only(&replies, &[(200, ""), (410, "gone")]);
        let won = with_status(&replies, 200).len();
        assert!(won <= 1, "{replies:?}");
        let after = invited.read().expect(200);
        assert_eq!(after["status"], if won == 1 { "accepted" } else { "expired" }, "{after}");
        assert_eq!(invited.has_joined(person), won == 1, "{after}");
        if won == 1 {
            let at = |name: &str| after[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
            assert!(at("accepted_at") < at("valid_until"), "{after}");
        }
        ahead += if won == 1 { -2 } else { 2 };
        seen.insert(won);
    }
    assert_eq!(seen.len(), 2, "the end was never at the same time as an acceptance");
}

#[test]
fn confirming_an_address_while_the_invitation_is_revoked_always_leads_to_an_account() {
    let org = Org::new();
    let nobody = Client::anonymous();
    for round in 0..10 {
        let email = format!("{}@invited.example", unique("guest"));
        let invited = Invited::new(&org, &email, None);
        let body = json!({
            "email": email, "name": "Gil Guest", "password": PASSWORD,
            "accepted_agreements": [], "invitation_code": invited.code
        });
        nobody.post("/registrations", body).expect(202);
        let token = server().mailbox().wait_for(&email, "Confirm").token();
        let mut replies = together(2, |number| match number {
            0 => nobody.post("/registrations/confirm", json!({ "token": token, "password": PASSWORD })),
            _ => {
                // The other one checks a password first.
                sleep(Duration::from_millis(10 * round));
                invited.revoke()
            }
        });
        only(&replies[1..], &[(200, ""), (409, "invalid_transition")]);
        let was_late = replies[1].status == 409;
        replies.swap_remove(0).expect(204);
        let me = Client::log_in(&email, PASSWORD).get("/me").expect(200);
        assert_eq!(me["memberships"].as_array().map(Vec::len), Some(usize::from(was_late)), "round {round}");
        let after = invited.read().expect(200);
        assert_eq!(after["status"], if was_late { "accepted" } else { "revoked" }, "round {round}");
    }
}

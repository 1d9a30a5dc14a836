//! The acts of staff on people, on the side of an organization and on that of the platform: S001-31, S003-28
//! and S003-29 make demands on each of them.

use serde_json::{Value, json};

use super::fixtures::{stage, stranger};
use super::helpers::{call, text};
use crate::harness::{Device, Org, PASSWORD, Person, Reply, unique};

const DEVELOPER: &str = "/platform-roles/platform_developer";

/// The state of a person before an act.
#[derive(Clone, Copy)]
pub(super) enum Standing {
    Active,
    Suspended,
    /// Log-ins are delayed after too many wrong passwords.
    Locked,
    /// Has not set a password yet.
    Pending,
    /// Logs in with a second factor.
    Guarded,
    /// Has requested the deletion of their account.
    Leaving,
    /// Has a platform role.
    Developer,
    /// The first owner of another organization, who has not set a password yet.
    FirstOwner,
}

/// A person whom staff act on.
pub(super) struct Cared {
    pub(super) id: String,
    pub(super) email: String,
}

/// An act of staff.
pub(super) struct Act {
    pub(super) from: Standing,
    pub(super) method: &'static str,
    /// The rest of the path, after the person.
    pub(super) rest: &'static str,
    pub(super) body: Value,
    /// The kinds of its events in the support history, separated by spaces.
    pub(super) kinds: &'static str,
}

/// Those who manage the accounts of an organization on the stage: its owner, or the owner of the platform,
/// who is the only one, so that no approval is needed.
pub(super) struct Side<'a> {
    pub(super) org: &'a Org,
    pub(super) is_platform: bool,
}

pub(super) fn both(org: &Org) -> [Side<'_>; 2] {
    [false, true].map(|is_platform| Side { org, is_platform })
}

pub(super) fn why() -> Value {
    json!({"reason": "Asked for by phone."})
}

pub(super) fn deletion() -> Value {
    json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for."})
}

impl Side<'_> {
    pub(super) fn by(&self) -> &Person {
        if self.is_platform { stage().own.platform_owner() } else { &self.org.owner }
    }

    /// A path of a person, for this side.
    pub(super) fn path(&self, id: &str, rest: &str) -> String {
        if self.is_platform {
            format!("/users/{id}{rest}")
        } else {
            self.org.path(&format!("/members/{id}{rest}"))
        }
    }

    /// Performs the act.
    #[track_caller]
    pub(super) fn does(&self, act: &Act, id: &str) -> Reply {
        let reply = call(&self.by().client, act.method, &self.path(id, act.rest), &act.body);
        assert!((200..300).contains(&reply.status), "{reply}");
        reply
    }

    /// A new member of the organization in this state.
    pub(super) fn somebody(&self, standing: Standing) -> Cared {
        if matches!(standing, Standing::Pending) {
            return pending(self.org);
        }
        if matches!(standing, Standing::FirstOwner) {
            return first_owner();
        }
        let person = self.org.add_member(&["rbt"], &[&self.org.downtown], None);
        match standing {
            Standing::Active | Standing::Pending | Standing::FirstOwner => {}
            Standing::Suspended => {
                self.by().client.post(&self.path(&person.id, "/suspend"), why()).expect(200);
            }
            Standing::Locked => guess(&person),
            Standing::Guarded => {
                Device::of(&person);
            }
            Standing::Leaving => leave(&person),
            Standing::Developer => {
                let given = self.by().client.put(&self.path(&person.id, DEVELOPER), why()).expect(202);
                assert_eq!(given["status"], "approved", "nobody else could agree");
            }
        }
        Cared { id: person.id, email: person.email }
    }

    /// All acts of this side.
    pub(super) fn acts(&self) -> Vec<Act> {
        let mut acts = vec![
            post(Standing::Locked, "/unlock", why(), "account_unlocked"),
            post(Standing::Pending, "/confirm", why(), "account_confirmed"),
            post(Standing::Pending, "/send-confirmation", Value::Null, "confirmation_sent"),
            post(Standing::Active, "/send-password-reset", Value::Null, "password_reset_sent"),
            post(Standing::Active, "/set-temporary-password", why(), "temporary_password_set"),
            post(Standing::Active, "/flag-compromised", why(), "account_compromised"),
            post(Standing::Guarded, "/reset-two-factor", why(), "two_factor_reset"),
            post(Standing::Leaving, "/cancel-deletion", why(), "deletion_cancelled"),
        ];
        acts.extend(if self.is_platform { self.of_platform() } else { self.of_organization() });
        acts
    }

    fn of_organization(&self) -> Vec<Act> {
        let corrected = json!({"name": "Rob Right", "reason": "Misspelt."});
        let elsewhere = json!({"location_ids": [self.org.riverside]});
        vec![
            post(Standing::Pending, "/setup-links", why(), "setup_link_fetched"),
            post(Standing::Active, "/suspend", why(), "member_suspended"),
            post(Standing::Suspended, "/reactivate", why(), "member_reactivated"),
            post(Standing::Active, "/view-as", why(), "viewed_as"),
            post(Standing::Active, "/schedule-deletion", deletion(), "approval_requested"),
            send("PATCH", "/account", corrected, "profile_corrected"),
            send("PATCH", "", json!({"roles": ["bcba"]}), "member_updated"),
            send("PATCH", "", elsewhere, "member_updated"),
            send("PATCH", "", json!({"ticket_scope": "locations"}), "member_updated"),
            send("DELETE", "", Value::Null, "member_removed"),
        ]
    }

    fn of_platform(&self) -> Vec<Act> {
        let corrected = json!({"name": "Rob Right", "reason": "Misspelt."});
        let moved = json!({
            "from_org_id": self.org.id, "to_org_id": stage().org.id, "roles": ["rbt"], "reason": "Changed clinics.",
        });
        let granted = "approval_requested approval_granted platform_role_granted";
        let taken = send("DELETE", DEVELOPER, Value::Null, "platform_role_removed");
        let scheduled = "approval_requested approval_granted deletion_scheduled";
        vec![
            post(Standing::FirstOwner, "/setup-links", why(), "setup_link_fetched"),
            post(Standing::Active, "/suspend", why(), "account_suspended"),
            post(Standing::Suspended, "/reactivate", why(), "account_reactivated"),
            post(Standing::Active, "/schedule-deletion", deletion(), scheduled),
            send("PATCH", "", corrected, "profile_corrected"),
            post(Standing::Active, "/transfer", moved, "account_transferred"),
            send("PUT", DEVELOPER, why(), granted),
            Act { from: Standing::Developer, ..taken },
        ]
    }
}

fn post(from: Standing, rest: &'static str, body: Value, kinds: &'static str) -> Act {
    Act { from, ..send("POST", rest, body, kinds) }
}

/// An act on an active person.
fn send(method: &'static str, rest: &'static str, body: Value, kinds: &'static str) -> Act {
    Act { from: Standing::Active, method, rest, body, kinds }
}

/// A person whose link was sent long ago, so that another may be sent.
fn pending(org: &Org) -> Cared {
    let email = stranger();
    let body = json!({"email": email, "name": "Pia Pending", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    let id = text(&made, "user_id");
    let update = format!(
        "UPDATE one_time_tokens SET created_at = '2020-01-01T00:00:00.000000Z' \
         WHERE user_id = (SELECT id FROM users WHERE email = '{email}') RETURNING purpose"
    );
    assert_eq!(stage().own.sql(&update), "set_up_account", "one row is changed");
    Cared { id, email }
}

/// The first owner of an organization that the platform created.
fn first_owner() -> Cared {
    let (email, slug) = (stranger(), unique("first"));
    let first = json!({"email": email, "name": "Fay First"});
    let body = json!({"name": "First", "slug": slug, "first_admin": first});
    let made = stage().own.platform_owner().client.post("/orgs", body).expect(201);
    Cared { id: text(&made["admins"][0], "user_id"), email }
}

/// Tries wrong passwords within the person's session until the next try is delayed.
fn guess(person: &Person) {
    let wrong = json!({"current_password": "not-the-password-1", "new_password": "another-quiet-lantern-8"});
    for _ in 0..20 {
        person.client.post("/me/change-password", wrong.clone()).refused(422, "rule_violated");
    }
}

fn leave(person: &Person) {
    let wish = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    person.client.post("/me/schedule-deletion", wish).expect(202);
}

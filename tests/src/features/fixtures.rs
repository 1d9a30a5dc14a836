//! A server on which time passes for invitations: the tests change their times in its database.

use std::sync::LazyLock;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::helpers::text;
use crate::harness::{Client, Mail, Org, OwnServer, Person, Reply, unique};

/// A server whose database these tests may change, with two organizations on it.
pub(super) struct Stage {
    pub(super) own: OwnServer,
    pub(super) org: Org,
    other: Org,
}

pub(super) fn stage() -> &'static Stage {
    static STAGE: LazyLock<Stage> = LazyLock::new(|| {
        let own = OwnServer::start(&[]);
        let [org, other] = [(); 2].map(|()| Org::on(own.platform_owner()));
        Stage { own, org, other }
    });
    &STAGE
}

pub(super) fn nobody_there() -> Client {
    stage().own.client()
}

pub(super) fn stranger() -> String {
    format!("{}@invited.example", unique("guest"))
}

/// Somebody with an account, who is a member of another organization.
pub(super) fn guest() -> Person {
    stage().other.add_member(&["rbt"], &[], None)
}

pub(super) fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

pub(super) fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// An invitation on the stage.
pub(super) struct Invited<'a> {
    org: &'a Org,
    pub(super) email: String,
    pub(super) path: String,
}

fn invite_by<'a>(org: &'a Org, by: &Person, email: &str, mut body: Value) -> Invited<'a> {
    body["email"] = json!(email);
    if body["roles"].is_null() {
        body["roles"] = json!(["rbt"]);
    }
    let made = by.client.post(&org.path("/invitations"), body).expect(201);
    let path = org.path(&format!("/invitations/{}", text(&made, "id")));
    Invited { org, email: email.to_owned(), path }
}

pub(super) fn invite<'a>(org: &'a Org, email: &str, more: Value) -> Invited<'a> {
    invite_by(org, &org.owner, email, more)
}

impl Invited<'_> {
    pub(super) fn read(&self) -> Value {
        self.org.owner.client.get(&self.path).expect(200)
    }

    pub(super) fn command(&self, verb: &str) -> Reply {
        self.org.owner.client.post_empty(&format!("{}/{verb}", self.path))
    }

    pub(super) fn resend_until(&self, end: DateTime<Utc>) -> Reply {
        self.org.owner.client.post(&format!("{}/resend", self.path), json!({"valid_until": written(end)}))
    }

    pub(super) fn link(&self) -> Value {
        self.org.owner.client.get(&format!("{}/url", self.path)).expect(200)
    }

    pub(super) fn code(&self) -> String {
        text(&self.link(), "code")
    }

    /// Its mails, once there are this many.
    pub(super) fn mails(&self, words: &str, number: usize) -> Vec<Mail> {
        stage().own.mailbox().wait_for_many(&self.email, words, number)
    }

    pub(super) fn mails_now(&self, words: &str) -> usize {
        stage().own.mailbox().about(&self.email, words).len()
    }

    /// Lets time pass for the invitation.
    pub(super) fn let_pass(&self, time: TimeDelta) {
        let now = self.read();
        let earlier = ["created_at", "valid_from", "valid_until", "last_sent_at"]
            .map(|name| format!("{name} = '{}'", written(instant(&now[name]) - time)))
            .join(", ");
        let update =
            format!("UPDATE invitations SET {earlier} WHERE email = '{}' RETURNING email", self.email);
        assert_eq!(stage().own.sql(&update), self.email, "one row is changed");
        stage().own.end_mail_pauses();
    }
}

pub(super) fn use_code(by: &Client, what: &str, code: &str) -> Reply {
    by.post(&format!("/invitation-codes/{what}"), json!({"code": code}))
}

/// One invitation for each way to be no longer pending, all of them mailed long ago.
pub(super) fn over(org: &Org) -> [(&'static str, Invited<'_>); 5] {
    let guest = guest();
    let all = [
        ("accepted", invite(org, &guest.email, json!({}))),
        ("declined", invite(org, &stranger(), json!({}))),
        ("revoked", invite(org, &stranger(), json!({}))),
        ("expired", invite(org, &stranger(), json!({}))),
        ("suspended", invite_by(org, &org.manager, &stranger(), json!({}))),
    ];
    all.iter().for_each(|(_, invited)| drop(invited.mails("invites you", 1)));
    use_code(&guest.client, "accept", &all[0].1.code()).expect(200);
    use_code(&nobody_there(), "decline", &all[1].1.code()).expect(204);
    all[2].1.command("revoke").expect(200);
    org.suspend(&org.manager);
    for (status, invited) in &all {
        invited.let_pass(TimeDelta::days(if *status == "expired" { 31 } else { 28 }));
        assert_eq!(invited.read()["status"], *status);
    }
    all
}

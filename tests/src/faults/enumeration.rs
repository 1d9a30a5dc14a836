//! Nobody can find out who has an account, or which codes exist.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::timing::{takes_as_long, timed};
use crate::harness::{Client, Org, OwnServer, PASSWORD, Reply, platform_owner, unique};

/// Operations without a log-in that name an address.
const BY_ADDRESS: [&str; 3] = ["/registrations", "/registrations/resend", "/password-resets"];

/// Status, headers, body.
type Told = (u16, BTreeMap<String, String>, Value);

/// All that a response reveals, without what differs from request to request.
fn told(reply: &Reply) -> Told {
    let all = (reply.status, reply.headers(), reply.body.clone());
    without(all, &["date", "x-request-id", "request_id", "ratelimit"])
}

/// The same without these headers and members.
fn without((status, mut headers, mut body): Told, apart: &[&str]) -> Told {
    for name in apart {
        headers.remove(*name);
        if let Some(members) = body.as_object_mut() {
            members.remove(*name);
        }
    }
    (status, headers, body)
}

/// An address without an account.
fn nobodys() -> String {
    format!("{}@nowhere.example", unique("nobody"))
}

fn registration(email: &str, more: Value) -> Value {
    let body =
        json!({ "email": email, "name": "Rita Registers", "password": PASSWORD, "accepted_agreements": [] });
    with(body, more)
}

fn with(mut body: Value, more: Value) -> Value {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

fn ask(at: &Client, path: &str, email: &str) -> Reply {
    match path {
        "/registrations" => at.post(path, registration(email, json!({}))),
        _ => at.post(path, json!({ "email": email })),
    }
}

/// A server with open registration.
fn open_server() -> OwnServer {
    let own = OwnServer::start(&[]);
    let open = json!({ "requires_invitation": false });
    own.platform_owner().client.patch("/platform-settings", open).expect(200);
    own
}

/// The address of an unconfirmed registration.
fn unconfirmed(own: &OwnServer) -> String {
    let email = nobodys();
    ask(&own.client(), "/registrations", &email).expect(202);
    own.mailbox().wait_for(&email, "Confirm");
    email
}

/// Addresses of accounts, one per status.
fn known(own: &OwnServer) -> Vec<(&'static str, String)> {
    let platform = &own.platform_owner().client;
    let org = Org::on(own.platform_owner());
    let away = json!({ "reason": "Away." });
    platform.post(&format!("/users/{}/suspend", org.rbt.id), away).expect(200);
    let deletion = json!({ "identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for." });
    let asked = platform.post(&format!("/users/{}/schedule-deletion", org.rbt2.id), deletion).expect(202);
    assert_eq!(asked["status"], "approved", "nobody else could agree");
    let not_set_up = nobodys();
    let body = json!({ "email": not_set_up, "name": "Pia Pending", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/members"), body).expect(201);
    vec![
        ("active", org.bcba.email.clone()),
        ("active, in capitals", org.manager.email.to_uppercase()),
        ("suspended", org.rbt.email.clone()),
        ("about to be deleted", org.rbt2.email.clone()),
        ("not set up", not_set_up),
        ("not confirmed", unconfirmed(own)),
    ]
}

#[test]
fn s000_5_a_request_by_address_gets_the_same_answer_with_and_without_an_account() {
    let own = open_server();
    let client = own.client();
    let known = known(&own);
    for path in BY_ADDRESS {
        let unknown = ask(&client, path, &nobodys());
        let expected = told(&unknown);
        unknown.expect(202);
        for (kind, email) in &known {
            assert_eq!(told(&ask(&client, path, email)), expected, "{path}: {kind}");
        }
    }
    let weak = |email: &str| {
        client.post("/registrations", registration(email, json!({ "password": "passwordpassword" })))
    };
    let unknown = weak(&nobodys());
    let expected = told(&unknown);
    unknown.refused(422, "weak_password");
    for (kind, email) in &known {
        assert_eq!(told(&weak(email)), expected, "a weak password: {kind}");
    }
}

#[test]
fn s000_5_a_request_by_address_takes_as_long_with_as_without_an_account() {
    let own = open_server();
    let client = &own.client();
    let known = &[own.platform_owner().email.clone(), unconfirmed(&own)];
    for path in BY_ADDRESS {
        takes_as_long(path, |_| {
            move |is_known: bool, pair: usize| {
                let email = if is_known { known[pair / 2 % known.len()].clone() } else { nobodys() };
                let (reply, took) = timed(|| ask(client, path, &email));
                reply.expect(202);
                took
            }
        });
    }
}

/// An invitation: its path and its code.
struct Invited {
    path: String,
    code: String,
}

fn send_invitation(org: &Org, email: &str, more: Value) -> Reply {
    let body = with(json!({ "email": email, "roles": ["rbt"] }), more);
    org.owner.client.post(&org.path("/invitations"), body)
}

fn invite(org: &Org, email: &str, more: Value) -> Invited {
    let made = send_invitation(org, email, more).expect(201);
    let path = org.path(&format!("/invitations/{}", made["id"].as_str().unwrap()));
    let link = org.owner.client.get(&format!("{path}/url")).expect(200);
    Invited { path, code: link["code"].as_str().unwrap().to_owned() }
}

fn use_code(by: &Client, what: &str, code: &str) -> Reply {
    by.post(&format!("/invitation-codes/{what}"), json!({ "code": code }))
}

/// An invented code of the right length.
fn never_given() -> String {
    "A".repeat(43)
}

#[test]
fn s001_12_an_ended_code_is_answered_like_an_invented_one() {
    let (org, other) = (Org::new(), Org::new());
    let nobody = Client::anonymous();
    let accepted = invite(&org, &other.rbt.email, json!({}));
    use_code(&other.rbt.client, "accept", &accepted.code).expect(200);
    let [declined, revoked, deleted] = [(); 3].map(|()| invite(&org, &nobodys(), json!({})));
    use_code(&nobody, "decline", &declined.code).expect(204);
    org.owner.client.post_empty(&format!("{}/revoke", revoked.path)).expect(200);
    org.owner.client.delete(&deleted.path).expect(204);
    let now: DateTime<Utc> = org.ticket(&org.rbt)["created_at"].as_str().unwrap().parse().unwrap();
    let soon = (now + TimeDelta::seconds(10)).to_rfc3339();
    let expired = invite(&org, &nobodys(), json!({ "valid_until": soon }));
    sleep(Duration::from_millis(10_300));
    assert_eq!(org.owner.client.get(&expired.path).expect(200)["status"], "expired");
    let over = [
        ("accepted", accepted),
        ("declined", declined),
        ("revoked", revoked),
        ("deleted", deleted),
        ("expired", expired),
    ];
    for (by, what) in [
        (&nobody, "preview"),
        (&nobody, "decline"),
        (&other.rbt.client, "accept"),
        (&other.bcba.client, "accept"),
    ] {
        let never = use_code(by, what, &never_given());
        let expected = told(&never);
        never.refused(410, "gone");
        for (how, invited) in &over {
            assert_eq!(told(&use_code(by, what, &invited.code)), expected, "{what}: {how}");
        }
    }
}

#[test]
fn s001_12_an_ended_code_takes_as_long_as_an_invented_one() {
    let own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let revoked = &[(); 5].map(|()| {
        let invited = invite(&org, &nobodys(), json!({}));
        org.owner.client.post_empty(&format!("{}/revoke", invited.path)).expect(200);
        invited.code
    });
    let (nobody, member) = (own.client(), &org.rbt.client);
    for (by, what) in [(&nobody, "preview"), (member, "accept")] {
        takes_as_long(what, |_| {
            move |was_given: bool, pair: usize| {
                let code =
                    if was_given { revoked[pair % revoked.len()].clone() } else { format!("{pair:A>43}") };
                let (reply, took) = timed(|| use_code(by, what, &code));
                reply.refused(410, "gone");
                took
            }
        });
    }
}

#[test]
fn s001_3_a_registration_reveals_a_code_only_to_its_recipient() {
    let (org, other) = (Org::new(), Org::new());
    let (mine, new) = (nobodys(), nobodys());
    let register = |email: &str, code: &str| {
        let body = registration(email, json!({ "invitation_code": code }));
        Client::anonymous().post("/registrations", body)
    };
    let never = register(&mine, &never_given());
    let expected = told(&never);
    never.refused(422, "rule_violated");
    let revoked = invite(&org, &mine, json!({}));
    org.owner.client.post_empty(&format!("{}/revoke", revoked.path)).expect(200);
    let anothers = invite(&org, &new, json!({}));
    let of_an_account = invite(&org, &other.rbt.email, json!({}));
    for (kind, code) in [
        ("revoked", &revoked.code),
        ("another's", &anothers.code),
        ("that of somebody with an account", &of_an_account.code),
    ] {
        assert_eq!(told(&register(&mine, code)), expected, "{kind}");
    }
    let taken = register(&new, &anothers.code);
    assert_eq!(told(&taken), told(&register(&other.rbt.email, &of_an_account.code)));
    taken.expect(202);
}

#[test]
fn an_inviter_to_an_organization_learns_of_no_account() {
    let (org, other) = (Org::new(), Org::new());
    let away = json!({ "reason": "Away." });
    platform_owner().client.post(&format!("/users/{}/suspend", other.rbt2.id), away).expect(200);
    let not_set_up = nobodys();
    let body = json!({ "email": not_set_up, "name": "Pia Pending", "roles": ["rbt"] });
    other.owner.client.post(&other.path("/members"), body).expect(201);
    // What differs between any two invitations, or changes when the mail is sent.
    let own = ["location", "content-length", "etag", "id", "email", "mail", "valid_from", "valid_until"];
    let times = ["last_sent_at", "created_at", "updated_at"];
    let bare = |reply: &Reply| without(without(told(reply), &own), &times);
    let seen = |email: &str| {
        let made = send_invitation(&org, email, json!({}));
        let path = org.path(&format!("/invitations/{}", made.body["id"].as_str().unwrap_or_default()));
        let read = org.owner.client.get(&path);
        let link = org.owner.client.get(&format!("{path}/url")).expect(200);
        let shown = use_code(&Client::anonymous(), "preview", link["code"].as_str().unwrap());
        [made, read, shown].map(|reply| bare(&reply))
    };
    let unknown = seen(&nobodys());
    assert_eq!(unknown.each_ref().map(|told| told.0), [201, 200, 200]);
    for known in [&other.rbt.email, &other.rbt2.email, &not_set_up] {
        assert_eq!(seen(known), unknown, "{known}");
    }
    let emails = [other.bcba.email.clone(), nobodys(), other.manager.email.to_uppercase()];
    let bulk = json!({ "emails": emails, "roles": ["rbt"] });
    let done = org.owner.client.post(&org.path("/invitation-batches"), bulk).expect(200);
    for row in done["results"].as_array().unwrap() {
        assert_eq!((&row["status"], &row["problem"]), (&json!("created"), &Value::Null), "{row}");
    }
}

#[test]
fn inviting_to_an_organization_takes_as_long_with_as_without_an_account() {
    let own = &OwnServer::start(&[]);
    let (org, other) = (&Org::on(own.platform_owner()), Org::on(own.platform_owner()));
    let known = &[&other.manager, &other.bcba, &other.rbt, &other.rbt2].map(|person| person.email.clone());
    let unknown = &[(); 4].map(|()| nobodys());
    takes_as_long("an invitation", |_| {
        move |is_known: bool, pair: usize| {
            let emails = if is_known { known } else { unknown };
            if pair.is_multiple_of(emails.len()) {
                own.end_mail_pauses();
            }
            let (made, took) = timed(|| send_invitation(org, &emails[pair % emails.len()], json!({})));
            let made = made.expect(201);
            // So that the address can be invited again.
            let path = org.path(&format!("/invitations/{}", made["id"].as_str().unwrap()));
            org.owner.client.delete(&path).expect(204);
            took
        }
    });
}

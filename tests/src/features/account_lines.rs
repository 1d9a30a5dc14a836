//! Accounts, and the mails about them: S001-4, S001-27, S003-1, S003-26, S003-27, S004-21, R6.

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::document::document;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply, server, unique};

fn why() -> Value {
    json!({"reason": "Asked for by phone."})
}

fn in_org(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

fn log_in(at: &Client, person: &Person, password: &str) -> Reply {
    at.post("/sessions", json!({"email": person.email, "password": password}))
}

/// A temporary password from the owner, and the time at which it expires.
fn temporary(org: &Org, person: &Person) -> (String, DateTime<Utc>) {
    let path = in_org(org, person, "/set-temporary-password");
    let given = org.owner.client.post(&path, why()).expect(200);
    (text(&given, "temporary_password"), text(&given, "expires_at").parse().unwrap())
}

#[test]
fn s001_4_platform_administrators_set_its_mode_which_is_effective_at_once_and_recorded() {
    let server = OwnServer::start(&[]);
    let owner = server.platform_owner();
    let org = Org::on(owner);
    let (manager, support, developer) = (&org.rbt, &org.bcba, &org.rbt2);
    for (person, role) in [(manager, "manager"), (support, "tech_support"), (developer, "developer")] {
        let path = format!("/users/{}/platform-roles/platform_{role}", person.id);
        let granted = owner.client.put(&path, why()).expect(202);
        assert_eq!(granted["status"], "approved", "nobody else could agree");
    }
    let switch = |by: &Person, requires: bool| {
        by.client.patch("/platform-settings", json!({"requires_invitation": requires}))
    };
    let register = || {
        let email = format!("{}@else.example", unique("rita"));
        let body = json!({"email": email, "name": "Rita", "password": PASSWORD, "accepted_agreements": []});
        server.client().post("/registrations", body)
    };
    for person in [support, developer, &org.owner] {
        switch(person, false).refused(403, "forbidden");
    }
    register().refused(422, "rule_violated");
    switch(manager, false).expect(200);
    register().expect(202);
    switch(manager, true).expect(200);
    register().refused(422, "rule_violated");
    let path = format!("/users/{}/activity?purpose=Audit&limit=100", manager.id);
    let kept = owner.client.get(&path).expect(200);
    let kept = kept["data"].as_array().unwrap().iter().filter(|e| e["kind"] == "platform_changed");
    let told: Vec<(Value, Value)> =
        kept.map(|event| (event["actor_id"].clone(), event["changes"].clone())).collect();
    let change = |from: &str, to: &str| {
        (json!(manager.id), json!([{"field": "requires_invitation", "from": from, "to": to}]))
    };
    assert_eq!(told, [change("false", "true"), change("true", "false")]);
}

/// The id of an account with this status.
fn account_in(status: &str, owner: &Person, org: &Org) -> String {
    let active = || org.add_member(&["rbt"], &[], None).id;
    let after = |id: String, command: &str, body: Value, expected: u16| {
        owner.client.post(&format!("/users/{id}/{command}"), body).expect(expected);
        id
    };
    let pending = || {
        let email = format!("{}@else.example", unique("pia"));
        let body = json!({"email": email, "name": "Pia Pending", "roles": ["rbt"]});
        text(&org.owner.client.post(&org.path("/members"), body).expect(201), "user_id")
    };
    match status {
        "pending_confirmation" => pending(),
        "active" => active(),
        "suspended" => after(active(), "suspend", why(), 200),
        "deletion_scheduled" => after(active(), "schedule-deletion", deletion(), 202),
        "deleted" => {
            owner.client.patch("/platform-settings", json!({"grace_days": 0})).expect(200);
            let id = after(pending(), "schedule-deletion", deletion(), 202);
            owner.client.patch("/platform-settings", json!({"grace_days": 30})).expect(200);
            for _ in 0..100 {
                if account(owner, &id)["status"] == "deleted" {
                    break;
                }
                sleep(Duration::from_millis(200));
            }
            id
        }
        unknown => panic!("no way is known to `{unknown}`: write one here"),
    }
}

fn account(owner: &Person, id: &str) -> Value {
    owner.client.get(&format!("/users/{id}")).expect(200)
}

fn deletion() -> Value {
    json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for."})
}

/// The request for a transition; `None` for the one that only time makes.
fn command(action: &str) -> Option<(String, Value)> {
    let body = match action {
        "confirm" | "suspend" | "reactivate" | "cancel_deletion" => why(),
        "schedule_deletion" => deletion(),
        "delete" => return None,
        unknown => panic!("no operation is known for `{unknown}`: write one here"),
    };
    Some((action.replace('_', "-"), body))
}

#[test]
fn s001_27_every_published_transition_succeeds_and_every_other_is_refused() {
    let server = OwnServer::start(&[]);
    let owner = server.platform_owner();
    let org = Org::on(owner);
    let table = walk(&owner.client, "/account-statuses");
    let moves_of = |row: &Value| row["transitions"].as_array().unwrap().clone();
    let actions: BTreeSet<String> = table.iter().flat_map(moves_of).map(|one| text(&one, "action")).collect();
    assert_eq!(actions.len(), 6, "{actions:?}");
    for row in &table {
        let status = text(row, "key");
        let resting = account_in(&status, owner, &org);
        let before = account(owner, &resting);
        assert_eq!(before["status"], json!(status));
        for (name, (verb, body)) in actions.iter().filter_map(|name| Some((name, command(name)?))) {
            let published = moves_of(row).into_iter().find(|one| one["action"] == json!(name));
            let send = |id: &str| owner.client.post(&format!("/users/{id}/{verb}"), body.clone());
            let Some(published) = published else {
                send(&resting).refused(409, "invalid_transition");
                continue;
            };
            let moved = account_in(&status, owner, &org);
            let reply = send(&moved);
            assert!(matches!(reply.status, 200 | 202), "{status}, {name}: {reply}");
            let now = text(&account(owner, &moved), "status");
            assert!(set(&published["to"]).contains(&now), "{status}, {name}: {now}");
        }
        owner.client.post(&format!("/users/{resting}/unlock"), why()).refused(409, "conflict");
        assert_eq!(account(owner, &resting), before, "what is refused changes nothing");
    }
}

/// The path of an operation, with ids that need not exist.
fn filled(pattern: &str, org: &Org) -> String {
    let segment = |segment: &str| match segment {
        "{org_id}" => org.id.clone(),
        "{role_key}" => "rbt".to_owned(),
        "{platform_role}" => "platform_developer".to_owned(),
        "{kind}" => "new_reply".to_owned(),
        "{locale}" => "en".to_owned(),
        id if id.starts_with('{') => nobody(),
        word => word.to_owned(),
    };
    let path = pattern.strip_prefix("/api/v1").expect("an operation of the API");
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[test]
fn s003_1_a_temporary_password_allows_only_its_own_change() {
    let org = Org::new();
    let (password, _) = temporary(&org, &org.rbt);
    let mail = server().mailbox().wait_for(&org.rbt.email, "password has been changed");
    assert!(!mail.text.contains(&password) && !mail.html.contains(&password), "shown to who asked, and once");
    let session = log_in(&Client::anonymous(), &org.rbt, &password).expect(201);
    let client = Client::with_token(&text(&session, "access_token"));
    let mut open = Vec::new();
    for operation in document().operations.values().filter(|operation| !operation.is_public()) {
        if operation.value["x-open-to-restricted-sessions"] == true {
            open.push(operation.id.as_str());
            continue;
        }
        let reply = client.send(&operation.method, &filled(&operation.path, &org), &[], None);
        let seen = (reply.status, reply.code());
        assert_eq!(seen, (403, "session_restricted"), "{}: {reply}", operation.id);
    }
    let expected =
        ["accept_agreement", "change_my_password", "delete_current_session", "get_me", "list_my_consents"];
    assert_eq!(open, expected);
    client.get("/me").expect(200);
}

#[test]
fn s003_1_r6_a_temporary_password_that_nobody_used_expires_after_a_day() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let (password, until) = temporary(&org, &org.rbt);
    let now: DateTime<Utc> = text(&org.ticket(&org.bcba), "created_at").parse().unwrap();
    let left = until - now;
    assert!(left <= TimeDelta::hours(24) && left > TimeDelta::minutes(23 * 60 + 58), "{left}");
    let (past, email) = ("2020-01-01T00:00:00.000000Z", &org.rbt.email);
    server.sql(&format!("UPDATE users SET temporary_password_until = '{past}' WHERE email = '{email}'"));
    log_in(&server.client(), &org.rbt, &password).refused(401, "invalid_credentials");
    let path = in_org(&org, &org.rbt, "/login-diagnosis");
    let diagnose = || org.owner.client.get(&path).expect(200);
    let mut seen = diagnose();
    for _ in 0..50 {
        if seen["last_failure_cause"] != Value::Null {
            break;
        }
        sleep(Duration::from_millis(100));
        seen = diagnose();
    }
    assert_eq!(seen["last_failure_cause"], "temporary_password_expired");
    assert_eq!(seen["checks"][3]["fix"], "reset_password");
}

/// An organization with a signature and a contact address.
fn signing() -> Org {
    let org = Org::new();
    let settings = json!({"signature": "The lake team", "contact_address": "help@lake.example"});
    org.owner.client.patch(&org.path("/mail-settings"), settings).expect(200);
    org
}

fn assert_both_contain(plain: &str, html: &str, parts: &[&str]) {
    // The HTML contains slashes as entities.
    let html = html.replace("&#x2f;", "/");
    for part in parts.iter().chain(&["The lake team", "help@lake.example"]) {
        assert!(plain.contains(part), "the text lacks {part}: {plain}");
        assert!(html.contains(part), "the HTML lacks {part}: {html}");
    }
}

#[test]
fn s003_26_the_mail_of_a_reset_says_who_what_now_and_what_if_not() {
    let org = signing();
    org.rbt2.client.patch("/me", json!({"locale": "es"})).expect(200);
    let english = ["Hello Rob Rbt", "change your password now", "If this was not you", "contact us"];
    let spanish = ["Hola, Ria Rbt", "cambie ahora su contraseña", "Si no ha sido usted", "en contacto"];
    for (person, subject, parts) in [
        (&org.rbt, "Reset your password for Lakeside Therapy", english),
        (&org.rbt2, "Restablezca su contraseña de Lakeside Therapy", spanish),
    ] {
        org.manager.client.post_empty(&in_org(&org, person, "/send-password-reset")).expect(204);
        let mail = server().mailbox().wait_for(&person.email, subject);
        assert_eq!(mail.subject, subject);
        assert_both_contain(&mail.text, &mail.html, &parts);
        assert_both_contain(
            &mail.text,
            &mail.html,
            &[&format!("/pages/reset-password#token={}", mail.token())],
        );
    }
}

#[test]
fn s003_27_the_mail_of_a_new_account_says_where_how_and_in_four_steps() {
    let org = signing();
    let email = format!("{}@else.example", unique("nia"));
    let body = json!({"email": email, "name": "Nia New", "roles": ["rbt"]});
    org.owner.client.post(&org.path("/members"), body).expect(201);
    let mail = server().mailbox().wait_for(&email, "Your new account");
    assert_eq!(mail.subject, "Your new account with Lakeside Therapy");
    assert_both_contain(
        &mail.text,
        &mail.html,
        &["Hello Nia New", &email, "Lakeside Therapy", "/log-in", "/docs/"],
    );
    assert_both_contain(&mail.text, &mail.html, &["1. ", "2. ", "3. ", "4. "]);
    assert_both_contain(&mail.text, &mail.html, &[&format!("/pages/account-setup#token={}", mail.token())]);
}

#[test]
fn s004_21_a_change_of_status_is_mailed_in_the_requesters_language_and_to_nobody_else() {
    let org = Org::new();
    for person in [&org.rbt, &org.rbt2, &org.manager] {
        person.client.patch("/me", json!({"locale": "es"})).expect(200);
    }
    let ticket = org.ticket(&org.rbt);
    let link = format!("/orgs/{}/tickets/{}", org.id, text(&ticket, "id"));
    let outcome = json!({"message": "We renewed it.", "resolution_summary": "Renewed."});
    for (rest, body, status) in [
        ("/start", Value::Null, "en curso"),
        ("/resolve", outcome, "resuelta"),
        ("/close", json!({}), "cerrada"),
    ] {
        call(&org.manager.client, "POST", &ticket_path(&org, &ticket, rest), &body).expect(200);
        let subject = format!("Su solicitud {} está ahora {status}", ticket["number"]);
        let mail = server().mailbox().wait_for(&org.rbt.email, &subject);
        assert!(mail.text.contains(&format!("ahora está {status}")), "{}", mail.text);
        assert!(mail.text.contains(&link) && mail.html.contains("<html lang=\"es\">"), "{}", mail.html);
    }
    let told = |person: &Person| server().mailbox().about(&person.email, "solicitud").len();
    assert_eq!([&org.rbt, &org.rbt2, &org.manager].map(told), [3, 0, 0]);
}

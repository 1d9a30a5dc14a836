//! Registration, confirmation and agreements (S001-2 to S001-5, S000-9), and what nobody learns by them.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Reply, unique};

/// A server with open registration, and an anonymous client of it.
fn open_server() -> (OwnServer, Client) {
    let server = OwnServer::start(&[]);
    let nobody = server.client();
    server
        .platform_owner()
        .client
        .patch("/platform-settings", json!({ "requires_invitation": false }))
        .expect(200);
    (server, nobody)
}

fn register(at: &Client, email: &str, more: Value) -> Reply {
    let mut body =
        json!({ "email": email, "name": "Rita Registers", "password": PASSWORD, "accepted_agreements": [] });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    at.post("/registrations", body)
}

fn log_in(at: &Client, email: &str, password: &str) -> Reply {
    at.post("/sessions", json!({ "email": email, "password": password }))
}

#[test]
fn s001_03_registration_requires_an_invitation_unless_the_platform_is_open() {
    let server = OwnServer::start(&[]);
    let nobody = server.client();
    let email = format!("{}@else.example", unique("rita"));
    let problem = register(&nobody, &email, json!({})).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/invitation_code"]));
    let owner = &server.platform_owner().client;
    assert_eq!(owner.get("/platform-settings").expect(200)["requires_invitation"], true);
    let changed = owner.patch("/platform-settings", json!({ "requires_invitation": false })).expect(200);
    assert_eq!(changed["requires_invitation"], false);
    register(&nobody, &email, json!({})).expect(202);
    owner.patch("/platform-settings", json!({ "requires_invitation": true })).expect(200);
    register(&nobody, &email, json!({})).refused(422, "rule_violated");
}

#[test]
fn s001_02_s000_09_a_registration_is_confirmed_by_the_link_in_the_mail() {
    let (server, nobody) = open_server();
    let email = format!("{}@else.example", unique("rita"));
    register(&nobody, &email, json!({ "locale": "es", "time_zone": "America/Chicago" })).expect(202);
    let mail = server.mailbox().wait_for(&email, "Confirme");
    assert!(mail.subject.starts_with("Confirme"), "{}", mail.subject);
    assert!(mail.text.contains("(America/Chicago)"), "{}", mail.text);
    log_in(&nobody, &email, PASSWORD).refused(401, "invalid_credentials");
    let confirm =
        |token: &str| nobody.post("/registrations/confirm", json!({ "token": token, "password": PASSWORD }));
    confirm(&mail.token()).expect(204);
    assert_eq!(as_seen(&confirm(&mail.token())), as_seen(&confirm("never-given-to-anybody")));
    confirm(&mail.token()).refused(410, "gone");
    let me = nobody.logged_in(&email, PASSWORD).get("/me").expect(200);
    assert_eq!(
        (&me["email"], &me["name"], &me["locale"], &me["time_zone"], &me["memberships"]),
        (&json!(email), &json!("Rita Registers"), &json!("es"), &json!("America/Chicago"), &json!([]))
    );
}

#[test]
fn s001_1_a_second_registration_with_a_code_is_recorded_as_invited() {
    let (server, nobody) = open_server();
    let org = Org::on(server.platform_owner());
    let email = format!("{}@else.example", unique("rita"));
    register(&nobody, &email, json!({})).expect(202);
    let link = server.mailbox().wait_for(&email, "Confirm").token();
    let invited = org.owner.client.post(&org.path("/invitations"), json!({"email": email})).expect(201);
    let url = org.path(&format!("/invitations/{}/url", text(&invited, "id")));
    let code = text(&org.owner.client.get(&url).expect(200), "code");
    register(&nobody, &email, json!({"invitation_code": code})).expect(202);
    let known = format!("SELECT count(*) FROM users WHERE email = '{email}' AND invited_at IS NOT NULL");
    server.wait_for_sql(&known, "1");
    nobody.post("/registrations/confirm", json!({"token": link, "password": PASSWORD})).expect(204);
    let me = nobody.logged_in(&email, PASSWORD).get("/me").expect(200);
    assert_eq!(me["memberships"][0]["org_id"], json!(org.id), "the code counts");
    let path = format!("/users/{}/profile?purpose=Check", text(&me, "id"));
    let profile = server.platform_owner().client.get(&path).expect(200);
    let stage = |name: &str| {
        let mut all = profile["stages"].as_array().unwrap().iter();
        all.find(|stage| stage["stage"] == name).map(|stage| stage["reached_at"].clone())
    };
    assert_eq!(stage("invited"), Some(invited["created_at"].clone()));
    assert!(stage("registered").is_some());
}

#[test]
fn an_address_with_an_account_gets_the_same_answer_and_its_owner_a_mail() {
    let (server, nobody) = open_server();
    let known = server.platform_owner().email.clone();
    let unknown = format!("{}@else.example", unique("rita"));
    for path in ["/registrations/resend", "/password-resets"] {
        let answer = |email: &str| nobody.post(path, json!({ "email": email }));
        assert_eq!(as_seen(&answer(&known)), as_seen(&answer(&unknown)), "{path}");
    }
    let first = register(&nobody, &unknown, json!({}));
    let second =
        register(&nobody, &known, json!({ "name": "Eve Else", "password": "stolen-orchard-lantern-9" }));
    assert_eq!(as_seen(&first), as_seen(&second));
    let mail = server.mailbox().wait_for(&known, "already have an account");
    assert!(!mail.text.contains("#token="), "it opens nothing: {}", mail.text);
    log_in(&nobody, &known, "stolen-orchard-lantern-9").refused(401, "invalid_credentials");
    assert_eq!(nobody.logged_in(&known, PASSWORD).get("/me").expect(200)["name"], "Pat Platform");
    register(&nobody, &known, json!({})).expect(202);
    server.mailbox().wait_for(&unknown, "Confirm");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(server.mailbox().about(&known, "already").len(), 1, "nobody is flooded");
}

#[test]
fn registering_a_strangers_address_gives_no_access() {
    let (server, nobody) = open_server();
    let email = format!("{}@else.example", unique("vera"));
    let theirs = "stolen-orchard-lantern-9";
    register(&nobody, &email, json!({ "password": theirs })).expect(202);
    let mail = server.mailbox().wait_for(&email, "Confirm");
    // Within two minutes a second one changes nothing, whoever sends it.
    register(&nobody, &email, json!({})).expect(202);
    nobody.post("/registrations/resend", json!({ "email": email })).expect(202);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(server.mailbox().about(&email, "Confirm").len(), 1);
    // The owner of the mailbox has the link, but did not choose that password.
    let confirm = json!({ "token": mail.token(), "password": PASSWORD });
    let problem = nobody.post("/registrations/confirm", confirm).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/password"]));
    log_in(&nobody, &email, theirs).refused(401, "invalid_credentials");
    nobody.post("/password-resets", json!({ "email": email })).expect(202);
    let reset = server.mailbox().wait_for(&email, "Reset");
    let body = json!({ "token": reset.token(), "password": PASSWORD });
    nobody.post("/password-resets/complete", body).expect(204);
    log_in(&nobody, &email, theirs).refused(401, "invalid_credentials");
    nobody.logged_in(&email, PASSWORD);
}

#[test]
fn no_request_by_address_delays_the_following_ones() {
    let (server, nobody) = open_server();
    let owner = server.platform_owner().client.clone();
    let terms =
        json!({ "agreement_key": "terms_of_use", "title": "Terms", "url": "https://x.example/terms" });
    owner.post("/agreements", terms).expect(201);
    let pair = |key: &str| json!({ "agreement_key": key, "version": 1 });
    let odd =
        json!({ "accepted_agreements": [pair("terms_of_use"), pair("terms_of_use"), pair("no_such_terms")] });
    register(&nobody, &format!("{}@else.example", unique("odd")), odd).expect(202);
    let email = format!("{}@else.example", unique("rita"));
    register(&nobody, &email, json!({ "accepted_agreements": [pair("terms_of_use")] })).expect(202);
    server.mailbox().wait_for(&email, "Confirm");
}

#[test]
fn one_sender_cannot_send_mail_in_bulk() {
    let server = OwnServer::start(&["--rate-limit", "60"]);
    let nobody = server.client();
    let reset =
        || nobody.post("/password-resets", json!({ "email": format!("{}@else.example", unique("sam")) }));
    (0..6).for_each(|_| drop(reset().expect(202)));
    let refused = reset();
    assert!(refused.header("retry-after").is_some());
    refused.refused(429, "rate_limited");
    let problem = register(&nobody, "sam@else.example", json!({ "name": "Win at https://x.example" }));
    assert_eq!(problem.status, 422);
}

#[test]
fn the_body_is_validated_before_the_address_is_checked() {
    let (_server, nobody) = open_server();
    let email = format!("{}@else.example", unique("rita"));
    let problem =
        register(&nobody, &email, json!({ "password": "passwordpassword" })).refused(422, "weak_password");
    assert_eq!(places(&problem), set_of(&["#/password"]));
    let problem =
        register(&nobody, &email, json!({ "time_zone": "Mars/Olympus" })).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/time_zone"]));
    let problem = register(&nobody, "no address", json!({ "locale": "?", "is_admin": true }))
        .refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/email", "#/locale", "#/is_admin"]));
}

#[test]
fn s001_05_a_new_version_of_an_agreement_is_asked_for_at_the_next_log_in() {
    let (server, nobody) = open_server();
    let owner = server.platform_owner().client.clone();
    let terms =
        json!({ "agreement_key": "terms_of_use", "title": "Terms of use", "url": "https://x.example/terms" });
    assert_eq!(owner.post("/agreements", terms.clone()).expect(201)["version"], 1);
    let listed = nobody.get("/agreements").expect(200);
    assert_eq!(
        (&listed["data"][0]["agreement_key"], &listed["data"][0]["version"]),
        (&json!("terms_of_use"), &json!(1))
    );
    let email = format!("{}@else.example", unique("rita"));
    let problem = register(&nobody, &email, json!({})).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/accepted_agreements"]));
    let accepted = json!({ "accepted_agreements": [{ "agreement_key": "terms_of_use", "version": 1 }] });
    register(&nobody, &email, accepted).expect(202);
    let token = server.mailbox().wait_for(&email, "Confirm").token();
    nobody.post("/registrations/confirm", json!({ "token": token, "password": PASSWORD })).expect(204);
    let rita = nobody.logged_in(&email, PASSWORD);
    assert_eq!(rita.get("/me").expect(200)["restrictions"], json!([]));
    assert!(rita.get("/me/consents").expect(200)["data"][0]["accepted_at"].is_string());

    assert_eq!(owner.post("/agreements", terms).expect(201)["version"], 2);
    rita.get("/orgs").expect(200);
    let again = nobody.logged_in(&email, PASSWORD);
    let elsewhere = nobody.logged_in(&email, PASSWORD);
    assert_eq!(again.get("/me").expect(200)["restrictions"], json!(["accept_agreements"]));
    again.get("/orgs").refused(403, "session_restricted");
    again.patch("/me", json!({ "locale": "es" })).refused(403, "session_restricted");
    let open = again.get("/me/consents").expect(200);
    assert_eq!((&open["data"][1]["version"], &open["data"][1]["accepted_at"]), (&json!(2), &Value::Null));
    let accept = |version: i32| {
        again.post("/me/consents", json!({ "agreement_key": "terms_of_use", "version": version }))
    };
    accept(3).refused(422, "reference_not_found");
    accept(2).expect(201);
    accept(2).refused(409, "already_exists");
    again.get("/orgs").expect(200);
    elsewhere.get("/orgs").expect(200);
    assert_eq!(again.get("/me").expect(200)["restrictions"], json!([]));
}

#[test]
fn s001_05_a_refresh_does_not_ask_for_agreements_and_the_next_log_in_does() {
    let server = OwnServer::start(&[]);
    let (owner, nobody) = (server.platform_owner(), server.client());
    let org = Org::on(owner);
    let publish = || {
        let terms =
            json!({ "agreement_key": "terms_of_use", "title": "Terms", "url": "https://x.example/terms" });
        owner.client.post("/agreements", terms).expect(201)["version"].clone()
    };
    let enter = || log_in(&nobody, &org.rbt.email, PASSWORD).expect(201);
    let refreshed = |tokens: &Value| {
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        nobody.post("/sessions/refresh", body).expect(200)
    };
    let with = |tokens: &Value| Client { token: Some(text(tokens, "access_token")), ..nobody.clone() };
    let asks_nothing = |tokens: &Value| {
        with(tokens).get(&org.path("/tickets")).expect(200);
        assert_eq!(with(tokens).get("/me").expect(200)["restrictions"], json!([]));
    };
    let asks = |tokens: &Value| {
        with(tokens).get(&org.path("/tickets")).refused(403, "session_restricted");
        assert_eq!(with(tokens).get("/me").expect(200)["restrictions"], json!(["accept_agreements"]));
    };
    let accept = |tokens: &Value, version: &Value| {
        let body = json!({ "agreement_key": "terms_of_use", "version": version });
        with(tokens).post("/me/consents", body).expect(201);
    };
    let mut held = enter();
    for version in [json!(1), json!(2)] {
        assert_eq!(publish(), version);
        asks_nothing(&held);
        held = refreshed(&held);
        asks_nothing(&held);
        let entered = enter();
        asks(&entered);
        let entered = refreshed(&entered);
        asks(&entered);
        held = refreshed(&held);
        asks_nothing(&held);
        accept(&entered, &version);
        asks_nothing(&entered);
        asks_nothing(&enter());
    }
    let consents = with(&held).get("/me/consents").expect(200)["data"].clone();
    let kept = |consent: &Value| (consent["version"].clone(), consent["accepted_at"].is_string());
    let kept: Vec<(Value, bool)> = consents.as_array().unwrap().iter().map(kept).collect();
    assert_eq!(kept, [(json!(1), true), (json!(2), true)], "each version with its time");
}

#[test]
fn s001_04_only_platform_administrators_change_its_mode() {
    let org = shared();
    for person in [&org.owner, &org.rbt] {
        person.client.get("/platform-settings").refused(403, "forbidden");
        person
            .client
            .patch("/platform-settings", json!({ "requires_invitation": false }))
            .refused(403, "forbidden");
    }
}

#[test]
fn s001_27_the_life_of_an_account_is_published() {
    let page = shared().rbt.client.get("/account-statuses").expect(200);
    assert_eq!(
        column(&page, "key"),
        ["pending_confirmation", "active", "suspended", "deletion_scheduled", "deleted"]
    );
    assert_eq!(page["data"][1]["transitions"][0], json!({ "action": "suspend", "to": ["suspended"] }));
    assert_eq!(page["data"][4]["transitions"], json!([]));
}

#[test]
fn users_change_their_own_name_language_and_zone_and_nothing_else() {
    let person = shared().add_member(&["rbt"], &[], None);
    let me = person
        .client
        .patch("/me", json!({ "name": "Max Changed", "locale": "es-MX", "time_zone": "Europe/Berlin" }));
    let me = me.expect(200);
    assert_eq!(
        (&me["name"], &me["locale"], &me["time_zone"]),
        (&json!("Max Changed"), &json!("es-MX"), &json!("Europe/Berlin"))
    );
    assert_eq!(person.client.get("/me").expect(200), me);
    person.client.patch("/me", json!({ "time_zone": "Mars/Olympus" })).refused(422, "rule_violated");
    for stolen in ["email", "status", "password_hash", "platform_permissions", "id"] {
        let body = json!({ "locale": "en", stolen: "x" });
        let problem = person.client.patch("/me", body).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&[&format!("#/{stolen}")]));
    }
    assert_eq!(person.client.get("/me").expect(200), me);
}

//! Accounts: set-up links, passwords (S003-2), log-in (R10, S003-30).

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, OwnServer, PASSWORD, SAFE_HASHES, is_postgres, unique};

/// Address and token of a new member who has not set a password yet.
fn invited(org: &Org) -> (String, String) {
    let email = format!("{}@else.example", unique("sam"));
    let body = json!({"email": email, "name": "Sam Field", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    (email, org.handed_over(&made))
}

fn set_up(token: &str, password: &str) -> crate::harness::Reply {
    Client::anonymous()
        .post("/account-setups", json!({"token": token, "name": "Sam Field", "password": password}))
}

#[test]
fn a_set_up_link_works_once() {
    let (email, token) = invited(shared());
    let log_in = json!({"email": email, "password": PASSWORD});
    Client::anonymous().post("/sessions", log_in).refused(401, "invalid_credentials");
    let reply = set_up(&token, PASSWORD);
    assert_eq!((reply.header("location").as_deref(), reply.header("etag")), (Some("/api/v1/me"), None));
    let account = reply.expect(201);
    assert_eq!((&account["email"], &account["name"]), (&json!(email), &json!("Sam Field")));
    let used = set_up(&token, "another-orchard-lantern-8");
    assert_eq!(as_seen(&used), as_seen(&set_up("never-given-to-anybody", "another-orchard-lantern-8")));
    used.refused(410, "gone");
    assert_eq!(Client::log_in(&email, PASSWORD).get("/me").expect(200)["id"], account["id"]);
}

#[test]
fn a_set_up_token_is_compared_exactly() {
    let (email, token) = invited(shared());
    for wrong in [
        format!("{token} "),
        format!(" {token}"),
        token.to_uppercase(),
        token[..token.len() - 1].to_owned(),
        "null".to_owned(),
        "0".to_owned(),
    ] {
        if wrong != token {
            set_up(&wrong, PASSWORD).refused(410, "gone");
        }
    }
    for wrong in ["", " "] {
        assert_eq!(places(&set_up(wrong, PASSWORD).refused(422, "validation_failed")), set_of(&["#/token"]));
    }
    let problem = Client::anonymous()
        .post("/account-setups", json!({"token": token, "is_admin": true}))
        .refused(422, "validation_failed");
    assert_eq!(places(&problem), set_of(&["#/name", "#/password", "#/is_admin"]));
    let body = json!({"token": token, "name": "S", "password": PASSWORD, "email": "mine@else.example"});
    Client::anonymous().post("/account-setups", body).refused(422, "rule_violated");
    set_up(&token, PASSWORD).expect(201);
    Client::log_in(&email, PASSWORD);
}

#[test]
fn s003_02_a_weak_password_is_refused_and_the_link_remains_valid() {
    let (email, token) = invited(shared());
    let own_name = format!("{}-1", email.split('@').next().unwrap());
    for weak in [
        "short-pass1",
        "passwordpassword",
        "123456789012",
        "aaaaaaaaaaaaaaa",
        "i-love-steward-a-lot",
        "field-of-dreams-42",
        &own_name.repeat(2),
    ] {
        let problem = set_up(&token, weak).refused(422, "weak_password");
        assert_eq!(places(&problem), set_of(&["#/password"]), "{weak}");
        assert!(!problem.to_string().contains(weak));
    }
    set_up(&token, &"x7-".repeat(43)).refused(422, "validation_failed");
    let odd = "  ünïcødé lantern 7  ";
    set_up(&token, odd).expect(201);
    Client::log_in(&email, odd);
    let trimmed = json!({"email": email, "password": odd.trim()});
    Client::anonymous().post("/sessions", trimmed).refused(401, "invalid_credentials");
}

#[test]
fn s003_02_no_answer_holds_a_password() {
    let org = shared();
    for path in [
        "/me".to_owned(),
        "/me/sessions".to_owned(),
        org.path("/members"),
        org.path(&format!("/members/{}", org.owner.id)),
        org.path(""),
    ] {
        let reply = org.owner.client.get(&path);
        let body = String::from_utf8_lossy(&reply.bytes).to_lowercase();
        assert!(
            !body.contains("\"password") && !body.contains("argon2") && !body.contains(PASSWORD),
            "{path}: {body}"
        );
    }
}

#[test]
fn s003_02_only_argon2_hashes_are_saved_and_nothing_is_logged() {
    let server = OwnServer::start(&[SAFE_HASHES]);
    let org = Org::on(server.platform_owner());
    let wrong = json!({"email": org.rbt.email, "password": "wrong-lantern-orchard-3"});
    server.client().post("/sessions", wrong).refused(401, "invalid_credentials");
    let log = server.log();
    let token = org.rbt.client.token.clone().unwrap();
    for secret in [PASSWORD, "wrong-lantern-orchard-3", &token, "$argon2"] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
    if is_postgres() {
        return;
    }
    let mut stored = Vec::new();
    for file in std::fs::read_dir(server.data_dir()).unwrap().flatten().filter(|f| f.path().is_file()) {
        stored.extend(std::fs::read(file.path()).unwrap());
    }
    let holds = |text: &str| stored.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(!holds(PASSWORD) && !holds("wrong-lantern-orchard-3"));
}

#[test]
fn r10_every_refused_log_in_looks_the_same() {
    let org = Org::new();
    let (pending, _) = invited(&org);
    org.suspend(&org.rbt);
    let seen: Vec<(u16, Option<String>, Value)> = [
        (org.manager.email.as_str(), "wrong-lantern-orchard-3"),
        ("nobody@else.example", PASSWORD),
        ("not an address", PASSWORD),
        (pending.as_str(), PASSWORD),
        (org.rbt.email.as_str(), PASSWORD),
        (org.manager.email.as_str(), &format!("{PASSWORD} ")),
        (org.manager.email.as_str(), &PASSWORD.to_uppercase()),
    ]
    .into_iter()
    .map(|(email, password)| {
        let reply = Client::anonymous().post("/sessions", json!({"email": email, "password": password}));
        let seen = as_seen(&reply);
        reply.refused(401, "invalid_credentials");
        seen
    })
    .collect();
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    Client::log_in(&org.manager.email.to_uppercase(), PASSWORD);
}

#[test]
fn s003_30_the_throttle_survives_a_restart() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let wrong = json!({"email": org.rbt.email, "password": "wrong-lantern-orchard-3"});
    for n in 0..20 {
        let reply = server.client().post("/sessions", wrong.clone());
        assert_eq!(reply.status, 401, "failure {n} is forgiven");
    }
    server.client().logged_in(&org.manager.email, PASSWORD);
    server.restart();
    let right = json!({"email": org.rbt.email.to_uppercase(), "password": PASSWORD});
    for body in [wrong, right] {
        let reply = server.client().post("/sessions", body);
        let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
        reply.refused(429, "too_many_attempts");
    }
    server.client().logged_in(&org.manager.email, PASSWORD);
}

#[test]
fn s003_30_the_throttle_holds_over_several_instances() {
    let one = OwnServer::start(&[]);
    // SQLite has one instance.
    let Some(url) = one.database_url() else { return };
    let org = Org::on(one.platform_owner());
    let two = OwnServer::start(&["--database-url", &url]);
    let wrong = json!({"email": org.rbt.email, "password": "wrong-lantern-orchard-3"});
    for n in 0..20 {
        let server = if n % 2 == 0 { &one } else { &two };
        server.client().post("/sessions", wrong.clone()).refused(401, "invalid_credentials");
    }
    for server in [&one, &two] {
        let right = json!({"email": org.rbt.email, "password": PASSWORD});
        server.client().post("/sessions", right).refused(429, "too_many_attempts");
    }
    two.client().logged_in(&org.manager.email, PASSWORD);
}

#[test]
fn s003_30_an_unknown_address_is_throttled_alike() {
    let server = OwnServer::start(&[]);
    let body = json!({"email": "nobody@else.example", "password": PASSWORD});
    let statuses: Vec<u16> =
        (0..21).map(|_| server.client().post("/sessions", body.clone()).status).collect();
    assert_eq!((statuses[..20].iter().all(|s| *s == 401), statuses[20]), (true, 429));
}

#[test]
fn s003_09_the_platform_owners_token_is_invalid_after_use() {
    let server = OwnServer::start(&[]);
    let token = server.setup_token().unwrap().to_owned();
    let body = json!({"token": token, "name": "Pat", "password": PASSWORD, "email": "Pat@platform.example"});
    let account = server.client().post("/account-setups", body.clone()).expect(201);
    assert_eq!(account["email"], "pat@platform.example");
    server.client().post("/account-setups", body).refused(410, "gone");
    let me = server.client().logged_in("pat@platform.example", PASSWORD).get("/me").expect(200);
    assert!(words(&me["platform_permissions"]).contains(&"purge_users".to_owned()));
    assert_eq!(me["memberships"], json!([]));
}

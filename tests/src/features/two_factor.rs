//! Two-factor log-in: S9 of the contract, semantics 45.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{
    Client, Device, Org, OwnServer, PASSWORD, Person, Reply, holder_of, platform_owner, server,
};

fn log_in(person: &Person, more: Value) -> Reply {
    let mut body = json!({"email": person.email, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Client::anonymous().post("/sessions", body)
}

fn proof(more: Value) -> Value {
    let mut body = json!({"password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn require_of(org: &Org, role: &str) -> Reply {
    org.owner.client.patch(&org.path(&format!("/roles/{role}")), json!({"requires_two_factor": true}))
}

#[test]
fn s09_log_in_asks_for_a_code_once_it_is_on() {
    let org = Org::new();
    let setup = |password: &str| org.rbt.client.post("/me/two-factor/setup", json!({"password": password}));
    setup("not-the-password-1").refused(422, "rule_violated");
    setup(PASSWORD).expect(201);
    let begun = setup(PASSWORD).expect(201);
    assert!(text(&begun, "otpauth_url").contains(&text(&begun, "secret")), "{begun}");
    log_in(&org.rbt, json!({})).expect(201);
    let confirm = |code: &str| org.rbt.client.post("/me/two-factor/confirm", json!({"totp_code": code}));
    confirm("000000").refused(422, "rule_violated");
    let mut device = Device::with(&begun);
    let other = log_in(&org.rbt, json!({})).expect(201);
    let codes = words(&confirm(&device.code()).expect(200)["recovery_codes"]);
    assert_eq!(codes.len(), 10);
    server().mailbox().wait_for(&org.rbt.email, "Two-factor login is on");
    let ended = Client { token: Some(text(&other, "access_token")), ..Client::anonymous() };
    ended.get("/me").refused(401, "token_revoked");
    org.rbt.client.get("/me").expect(200);
    setup(PASSWORD).refused(409, "conflict");
    confirm(&device.code()).refused(409, "conflict");
    let asked = log_in(&org.rbt, json!({}));
    assert!(asked.header("WWW-Authenticate").is_some());
    asked.refused(401, "two_factor_required");
    log_in(&org.rbt, json!({"totp_code": "000000"})).refused(401, "two_factor_required");
    log_in(&org.rbt, json!({"recovery_code": "00000-00000-00000-00000"})).refused(401, "two_factor_required");
    log_in(&org.rbt, json!({"totp_code": "000000", "recovery_code": codes[0]})).refused(422, "rule_violated");
    // Without the password nobody learns of a second factor.
    let wrong = json!({"email": org.rbt.email, "password": "not-the-password-1", "totp_code": device.code()});
    Client::anonymous().post("/sessions", wrong).refused(401, "invalid_credentials");
    let status = org.rbt.client.get("/me/two-factor").expect(200);
    assert_eq!((&status["is_enabled"], &status["recovery_codes_left"]), (&json!(true), &json!(10)));
}

#[test]
fn s09_a_code_works_once_also_in_parallel() {
    let org = Org::new();
    let mut device = Device::of(&org.rbt);
    let code = device.code();
    let statuses = |more: &Value| -> Vec<u16> {
        std::thread::scope(|threads| {
            let tries: Vec<_> =
                (0..4).map(|_| threads.spawn(|| log_in(&org.rbt, more.clone()).status)).collect();
            tries.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    };
    for more in
        [json!({"totp_code": code}), json!({"recovery_code": device.recovery_codes[0].to_uppercase()})]
    {
        let statuses = statuses(&more);
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{more}: {statuses:?}");
        log_in(&org.rbt, more).refused(401, "two_factor_required");
    }
    server().mailbox().wait_for(&org.rbt.email, "A recovery code was used");
    assert_eq!(org.rbt.client.get("/me/two-factor").expect(200)["recovery_codes_left"], json!(9));
}

#[test]
fn s09_wrong_codes_count_as_failed_log_ins() {
    let org = Org::new();
    Device::of(&org.rbt);
    let body = json!({"email": org.rbt.email, "password": PASSWORD, "totp_code": "000000"});
    let from = [("X-Forwarded-For", "198.19.200.7")];
    let last = (0..=20)
        .map(|_| Client::anonymous().send_json("POST", "/sessions", &from, &body))
        .find(|reply| reply.status == 429);
    last.expect("guessing has to wait").refused(429, "too_many_attempts");
    let path = org.path(&format!("/members/{}/login-diagnosis", org.rbt.id));
    let seen = || org.owner.client.get(&path).expect(200);
    for _ in 0..50 {
        if seen()["last_failure_cause"] == "wrong_code" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let seen = seen();
    assert_eq!((&seen["last_failure_cause"], &seen["has_two_factor"]), (&json!("wrong_code"), &json!(true)));
    assert_eq!(seen["checks"][4]["fix"], "reset_two_factor");
}

#[test]
fn s09_concurrent_guesses_are_limited_like_sequential_ones() {
    let org = Org::new();
    Device::of(&org.rbt);
    let body = json!({"email": org.rbt.email, "password": PASSWORD, "totp_code": "000000"});
    let from = [("X-Forwarded-For", "198.19.200.8")];
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let guess = || Client::anonymous().send_json("POST", "/sessions", &from, &body).status;
        let all: Vec<_> = (0..32).map(|_| threads.spawn(guess)).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let judged = statuses.iter().filter(|status| **status == 401).count();
    // Concurrent password checks delay each other as well, so that one in a burst may be refused for these
    // alone.
    assert!((12..=20).contains(&judged) && statuses.len() == 32, "{statuses:?}");
    for _ in judged..20 {
        Client::anonymous().send_json("POST", "/sessions", &from, &body).refused(401, "two_factor_required");
    }
    Client::anonymous().send_json("POST", "/sessions", &from, &body).refused(429, "too_many_attempts");
    // A new password allows no further guesses.
    let reset = org.path(&format!("/members/{}/set-temporary-password", org.rbt.id));
    let given = org.owner.client.post(&reset, json!({"reason": "Asked."})).expect(200);
    let body =
        json!({"email": org.rbt.email, "password": given["temporary_password"], "totp_code": "000000"});
    Client::anonymous().post("/sessions", body).refused(429, "too_many_attempts");
    // Staff unlock it.
    let unlock = org.path(&format!("/members/{}/unlock", org.rbt.id));
    server().mailbox().wait_for(&org.rbt.email, "locked");
    org.owner.client.post(&unlock, json!({"reason": "Asked."})).expect(200);
    let body =
        json!({"email": org.rbt.email, "password": given["temporary_password"], "totp_code": "000000"});
    Client::anonymous().post("/sessions", body).refused(401, "two_factor_required");
}

#[test]
fn s09_a_missing_code_is_no_failure() {
    let org = Org::new();
    let mut device = Device::of(&org.rbt);
    for _ in 0..25 {
        log_in(&org.rbt, json!({})).refused(401, "two_factor_required");
    }
    log_in(&org.rbt, json!({"totp_code": device.code()})).expect(201);
}

#[test]
fn s09_a_log_in_and_the_switch_at_once_are_consistent() {
    for _ in 0..4 {
        let org = Org::new();
        let setup = org.rbt.client.post("/me/two-factor/setup", json!({"password": PASSWORD})).expect(201);
        let code = Device::with(&setup).code();
        let (logged_in, confirmed) = std::thread::scope(|threads| {
            let log_in = threads.spawn(|| log_in(&org.rbt, json!({})));
            let confirm =
                threads.spawn(|| org.rbt.client.post("/me/two-factor/confirm", json!({"totp_code": code})));
            (log_in.join().unwrap(), confirm.join().unwrap())
        });
        confirmed.expect(200);
        if logged_in.status == 201 {
            let token = Some(text(&logged_in.body, "access_token"));
            Client { token, ..Client::anonymous() }.get("/me").refused(401, "token_revoked");
        }
    }
}

#[test]
fn s09_a_stolen_session_guesses_no_code() {
    let org = Org::new();
    let setup = org.rbt.client.post("/me/two-factor/setup", json!({"password": PASSWORD})).expect(201);
    let confirm = || org.rbt.client.post("/me/two-factor/confirm", json!({"totp_code": "000000"}));
    let last = (0..=20).map(|_| confirm()).find(|reply| reply.status != 422).expect("guessing has to wait");
    last.refused(429, "too_many_attempts");
    assert!(setup["secret"].is_string());
    let org = Org::new();
    Device::of(&org.rbt);
    let guess =
        || org.rbt.client.post("/me/two-factor/recovery-codes", proof(json!({"totp_code": "000000"})));
    let last = (0..=20).map(|_| guess()).find(|reply| reply.status != 422).expect("guessing has to wait");
    last.refused(429, "too_many_attempts");
    let org = Org::new();
    Device::of(&org.rbt);
    let guess = || org.rbt.client.post("/me/two-factor/disable", proof(json!({"totp_code": "000000"})));
    let last = (0..=20).map(|_| guess()).find(|reply| reply.status != 422).expect("guessing has to wait");
    last.refused(429, "too_many_attempts");
}

#[test]
fn s09_it_is_disabled_with_password_and_code_and_codes_are_replaced() {
    let org = Org::new();
    let mut device = Device::of(&org.rbt);
    let (off, codes) = ("/me/two-factor/disable", "/me/two-factor/recovery-codes");
    for path in [off, codes] {
        let wrong = json!({"password": "not-the-password-1", "totp_code": "000000"});
        org.rbt.client.post(path, wrong).refused(422, "rule_violated");
        org.rbt.client.post(path, proof(json!({}))).refused(422, "rule_violated");
    }
    let fresh = org.rbt.client.post(codes, proof(json!({"totp_code": device.code()}))).expect(200);
    let fresh = words(&fresh["recovery_codes"]);
    let old = device.recovery_codes[0].clone();
    org.rbt.client.post(off, proof(json!({"recovery_code": old}))).refused(422, "rule_violated");
    org.rbt.client.post(off, proof(json!({"recovery_code": fresh[3]}))).expect(204);
    log_in(&org.rbt, json!({})).expect(201);
    server().mailbox().wait_for(&org.rbt.email, "Two-factor login is off");
    org.rbt.client.post(off, proof(json!({"recovery_code": fresh[4]}))).refused(409, "conflict");
    Device::of(&org.rbt);
}

#[test]
fn s09_a_role_may_require_it() {
    let org = Org::new();
    require_of(&org, "rbt").refused(409, "conflict");
    Device::of(&org.owner);
    assert_eq!(require_of(&org, "rbt").expect(200)["requires_two_factor"], json!(true));
    let needs = || org.rbt.client.get("/me").expect(200)["memberships"][0]["needs_two_factor"].clone();
    assert_eq!(needs(), json!(true));
    for path in ["/tickets", "/ticket-form", ""] {
        org.rbt.client.get(&org.path(path)).refused(403, "two_factor_setup_required");
    }
    org.bcba.client.get(&org.path("/tickets")).expect(200);
    assert_eq!(org.rbt.client.get("/me/two-factor").expect(200)["is_required"], json!(true));
    let told = || {
        let path = org.path(&format!("/members/{}/permissions", org.rbt.id));
        let here = org.owner.client.get(&path).expect(200);
        let anywhere = platform_owner().client.get(&format!("/users/{}/permissions", org.rbt.id)).expect(200);
        assert_eq!(anywhere["organizations"], json!([here]));
        here["needs_two_factor"].clone()
    };
    assert_eq!(told(), json!(true), "those who help see it too");
    let mut device = Device::of(&org.rbt);
    assert_eq!(told(), json!(false));
    org.rbt.client.get(&org.path("/tickets")).expect(200);
    assert_eq!(needs(), json!(false));
    let off = proof(json!({"totp_code": device.code()}));
    org.rbt.client.post("/me/two-factor/disable", off).expect(204);
    org.rbt.client.get(&org.path("/tickets")).refused(403, "two_factor_setup_required");
    let seen =
        org.owner.client.get(&org.path(&format!("/members/{}/login-diagnosis", org.rbt.id))).expect(200);
    assert_eq!(seen["restrictions"], json!(["set_up_two_factor"]));
    let clone = json!({"key": "walker", "name": "Walker"});
    let clone = org.owner.client.post(&org.path("/roles/rbt/clone"), clone).expect(201);
    assert_eq!(clone["requires_two_factor"], json!(true));
    let ticket = org.ticket(&org.owner);
    require_of(&org, "manager").expect(200);
    patch(&org, &org.owner, &ticket, json!({"assignee_id": org.manager.id}))
        .refused(422, "reference_not_found");
    org.owner.client.patch(&org.path("/roles/rbt"), json!({"requires_two_factor": false})).expect(200);
    org.rbt.client.get(&org.path("/tickets")).expect(200);
    // A role without permissions requires it as well.
    let bare = json!({"key": "bare", "name": "Bare", "permissions": []});
    org.owner.client.post(&org.path("/roles"), bare).expect(201);
    require_of(&org, "bare").expect(200);
    change_member(&org, &org.rbt, json!({"roles": ["rbt", "bare"]}));
    org.rbt.client.get(&org.path("/tickets")).refused(403, "two_factor_setup_required");
}

#[test]
fn s09_nobody_requires_it_of_roles_above_their_own_permissions() {
    let org = Org::new();
    let manager: Vec<String> =
        words(&org.owner.client.get(&org.path("/roles/manager")).expect(200)["permissions"]);
    let more: Vec<&str> = manager.iter().map(String::as_str).chain(["manage_roles"]).collect();
    grant(&org, "manager", &more);
    Device::of(&org.manager);
    let ask = |role: &str| {
        org.manager.client.patch(&org.path(&format!("/roles/{role}")), json!({"requires_two_factor": true}))
    };
    ask("owner").refused(403, "forbidden");
    ask("rbt").expect(200);
}

#[test]
fn s09_the_platform_may_require_it_of_platform_roles() {
    let server = OwnServer::start(&[]);
    let owner = server.platform_owner();
    let ask = json!({"requires_two_factor": true});
    owner.client.patch("/platform-settings", ask.clone()).refused(409, "conflict");
    let setup = owner.client.post("/me/two-factor/setup", json!({"password": PASSWORD})).expect(201);
    let mut device = Device::with(&setup);
    let confirm = |code: String| owner.client.post("/me/two-factor/confirm", json!({"totp_code": code}));
    confirm(device.code()).expect(200);
    owner.client.patch("/platform-settings", ask).expect(200);
    owner.client.get("/users").expect(200);
    let other = Org::on(owner).rbt;
    let role = format!("/users/{}/platform-roles/platform_tech_support", other.id);
    let given = owner.client.put(&role, json!({"reason": "Helps."})).expect(202);
    assert_eq!(given["status"], "approved", "nobody else could agree");
    let told = owner.client.get(&format!("/users/{}/permissions", other.id)).expect(200);
    assert!(told["needs_two_factor"] == json!(true) && told["platform"] != json!([]), "{told}");
    let off = proof(json!({"totp_code": device.code()}));
    owner.client.post("/me/two-factor/disable", off).expect(204);
    owner.client.get("/users").refused(403, "two_factor_setup_required");
    owner
        .client
        .post(
            "/orgs",
            json!({"name": "New", "slug": "new", "first_admin": {"email": "a@b.example", "name": "A"}}),
        )
        .refused(403, "two_factor_setup_required");
    assert_eq!(owner.client.get("/me/two-factor").expect(200)["is_required"], json!(true));
    let me = owner.client.get("/me").expect(200);
    assert_eq!((&me["needs_two_factor"], &me["platform_permissions"]), (&json!(true), &json!([])));
}

#[test]
fn s09_staff_reset_it_for_a_lost_device() {
    let org = Org::new();
    let device = Device::of(&org.rbt);
    let path = org.path(&format!("/members/{}/reset-two-factor", org.rbt.id));
    let reason = || json!({"reason": "Phone lost; called back at the number on file."});
    org.manager.client.post(&path, reason()).refused(403, "forbidden");
    org.owner.client.post(&path, json!({})).refused(422, "validation_failed");
    org.owner.client.post(&path, reason()).expect(204);
    org.rbt.client.get("/me").refused(401, "token_revoked");
    let back = log_in(&org.rbt, json!({})).expect(201);
    server().mailbox().wait_for(&org.rbt.email, "Two-factor login is off");
    org.owner.client.post(&path, reason()).refused(409, "conflict");
    let client = Client { token: Some(text(&back, "access_token")), ..Client::anonymous() };
    log_in(&org.rbt, json!({"recovery_code": device.recovery_codes[0]})).expect(201);
    let rbt = Person { client, ..org.rbt.clone() };
    Device::of(&rbt);
    let support = holder_of("platform_tech_support");
    let path = format!("/users/{}/reset-two-factor", org.rbt.id);
    support.client.post(&path, reason()).refused(403, "forbidden");
    platform_owner().client.post(&path, reason()).expect(204);
    let told =
        platform_owner().client.get(&format!("/users/{}/activity?purpose=Check", org.rbt.id)).expect(200);
    assert!(column(&told, "kind").contains(&"two_factor_reset".to_owned()), "{told}");
}

#[test]
fn s09_an_organization_does_not_reset_it_for_a_shared_account() {
    let (org, other) = (Org::new(), Org::new());
    Device::of(&org.rbt);
    let body = json!({"email": org.rbt.email, "name": "Riley", "roles": ["rbt"]});
    other.owner.client.post(&other.path("/members"), body).expect(201);
    org.rbt.client.get(&other.path("/tickets")).expect(200);
    let path = other.path(&format!("/members/{}/reset-two-factor", org.rbt.id));
    other.owner.client.post(&path, json!({"reason": "Mine."})).refused(409, "account_shared");
    let seen = other.path(&format!("/members/{}/login-diagnosis", org.rbt.id));
    assert_eq!(other.owner.client.get(&seen).expect(200)["has_two_factor"], Value::Null);
}

#[test]
fn s09_secrets_are_not_logged_and_shown_once() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let setup = org.rbt.client.post("/me/two-factor/setup", json!({"password": PASSWORD})).expect(201);
    let code = Device::with(&setup).code();
    let made = org.rbt.client.post("/me/two-factor/confirm", json!({"totp_code": code})).expect(200);
    let codes = words(&made["recovery_codes"]);
    let log = server.log();
    assert!(!log.contains(&text(&setup, "secret")) && !log.contains(&codes[0]));
    for path in ["/me", "/me/two-factor"] {
        let seen = String::from_utf8_lossy(&org.rbt.client.get(path).bytes).into_owned();
        assert!(!seen.contains(&text(&setup, "secret")) && !seen.contains(&codes[0]), "{path}");
    }
}

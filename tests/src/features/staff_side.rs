//! How staff manage accounts: S000-6 to S000-15, S001-21 to S001-31, S003-1, S003-4, S003-5, S003-12 to
//! S003-14.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, PASSWORD, Person, platform_owner, second_platform_owner, server, unique};

const NEW_PASSWORD: &str = "another-quiet-lantern-8";

fn why() -> Value {
    json!({"reason": "Asked for by phone."})
}

fn of(person: &Person, rest: &str) -> String {
    format!("/users/{}{rest}", person.id)
}

fn in_org(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

fn log_in(person: &Person, password: &str) -> crate::harness::Reply {
    Client::anonymous().post("/sessions", json!({"email": person.email, "password": password}))
}

fn deletion() -> Value {
    json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for."})
}

/// Kinds in the history of an account, the latest first.
fn history(person: &Person) -> Vec<String> {
    column(&platform_owner().client.get(&of(person, "/activity?purpose=Check&limit=100")).expect(200), "kind")
}

#[test]
fn s001_28_a_suspended_account_is_blocked_from_its_next_request_on() {
    let org = Org::new();
    let platform = &platform_owner().client;
    org.rbt.client.get("/me").expect(200);
    let suspended =
        platform.post(&of(&org.rbt, "/suspend"), json!({"reason": "Sends advertisements."})).expect(200);
    assert_eq!(
        (&suspended["status"], &suspended["suspension"]["reason"]),
        (&json!("suspended"), &json!("Sends advertisements."))
    );
    for path in ["/me", &org.path("/tickets"), "/me/sessions"] {
        let reply = org.rbt.client.get(path);
        assert_eq!(reply.status, 401, "{path}: the session is gone: {reply}");
    }
    log_in(&org.rbt, PASSWORD).refused(401, "invalid_credentials");
    platform.post(&of(&org.rbt, "/suspend"), why()).refused(409, "invalid_transition");
    let mail = server().mailbox().wait_for(&org.rbt.email, "suspended");
    assert!(mail.text.contains("Sends advertisements."), "{}", mail.text);
    platform.post(&of(&org.rbt, "/reactivate"), why()).expect(200);
    server().mailbox().wait_for(&org.rbt.email, "account is active");
    log_in(&org.rbt, PASSWORD).expect(201);
    platform.post(&of(&org.rbt, "/reactivate"), why()).refused(409, "invalid_transition");
    let known = history(&org.rbt);
    assert!(
        known.contains(&"account_suspended".to_owned()) && known.contains(&"account_reactivated".to_owned())
    );
}

#[test]
fn s001_29_a_suspension_lifts_by_itself() {
    let org = Org::new();
    let now = text(&org.ticket(&org.bcba), "created_at").parse::<DateTime<Utc>>().unwrap();
    let soon = now + TimeDelta::seconds(10);
    let body = json!({"reason": "To cool down.", "until": soon.to_rfc3339()});
    org.owner.client.post(&in_org(&org, &org.rbt, "/suspend"), body.clone()).expect(200);
    platform_owner().client.post(&of(&org.rbt2, "/suspend"), body).expect(200);
    org.rbt.client.get(&org.path("/tickets")).refused(403, "account_disabled");
    log_in(&org.rbt2, PASSWORD).refused(401, "invalid_credentials");
    let past = json!({"reason": "Too late.", "until": "2020-01-01T00:00:00Z"});
    let problem =
        platform_owner().client.post(&of(&org.bcba, "/suspend"), past).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/until"]));
    std::thread::sleep(std::time::Duration::from_millis(10_200));
    org.rbt.client.get(&org.path("/tickets")).expect(200);
    log_in(&org.rbt2, PASSWORD).expect(201);
    for person in [&org.rbt, &org.rbt2] {
        server().mailbox().wait_for(&person.email, "account is active");
    }
    let member = org.owner.client.get(&in_org(&org, &org.rbt, "")).expect(200);
    assert_eq!((&member["is_active"], &member["suspension"]), (&json!(true), &Value::Null));
}

#[test]
fn s001_31_a_suspension_for_security_is_not_mailed() {
    let org = Org::new();
    let silent = json!({"reason": "Under investigation.", "is_security_matter": true});
    org.owner.client.post(&in_org(&org, &org.rbt, "/suspend"), silent.clone()).expect(200);
    platform_owner().client.post(&of(&org.rbt2, "/suspend"), silent).expect(200);
    org.owner.client.post(&in_org(&org, &org.bcba, "/suspend"), why()).expect(200);
    server().mailbox().wait_for(&org.bcba.email, "suspended");
    for person in [&org.rbt, &org.rbt2] {
        assert!(server().mailbox().about(&person.email, "suspended").is_empty(), "{}", person.email);
    }
}

#[test]
fn s000_11_staff_unlock_with_a_reason_and_once() {
    let org = Org::new();
    let path = in_org(&org, &org.rbt, "/unlock");
    org.manager.client.post(&path, why()).refused(409, "conflict");
    for _ in 0..20 {
        log_in(&org.rbt, "not-the-password-1");
    }
    server().mailbox().wait_for(&org.rbt.email, "locked");
    log_in(&org.rbt, PASSWORD).refused(429, "too_many_attempts");
    org.manager.client.post(&path, json!({})).refused(422, "validation_failed");
    let unlocked = org.manager.client.post(&path, why()).expect(200);
    assert_eq!(unlocked["locked_until"], Value::Null);
    log_in(&org.rbt, PASSWORD).expect(201);
    org.manager.client.post(&path, why()).refused(409, "conflict");
    platform_owner().client.post(&of(&org.rbt, "/unlock"), why()).refused(409, "conflict");
}

#[test]
fn s000_9_staff_confirm_by_hand_or_send_the_link_again() {
    let org = shared();
    let email = format!("{}@else.example", unique("pending"));
    let made = org
        .owner
        .client
        .post(&org.path("/members"), json!({"email": email, "name": "Pia Pending", "roles": ["rbt"]}))
        .expect(201);
    let path = org.path(&format!("/members/{}", text(&made, "user_id")));
    let too_soon = org.manager.client.post_empty(&format!("{path}/send-confirmation"));
    assert!(too_soon.header("retry-after").is_some());
    too_soon.refused(429, "too_many_attempts");
    org.manager.client.post(&format!("{path}/confirm"), json!({})).refused(422, "validation_failed");
    let confirmed = org.manager.client.post(&format!("{path}/confirm"), why()).expect(200);
    assert_eq!(confirmed["account_status"], "active");
    org.manager.client.post(&format!("{path}/confirm"), why()).refused(409, "invalid_transition");
    org.manager.client.post_empty(&format!("{path}/send-confirmation")).refused(409, "invalid_transition");
}

#[test]
fn s000_6_a_reset_sent_by_staff_goes_to_the_person_and_ends_the_older_one() {
    let (org, other) = (Org::new(), shared());
    Client::anonymous().post("/password-resets", json!({"email": org.rbt.email})).expect(202);
    let first = server().mailbox().wait_for(&org.rbt.email, "Reset").token();
    other.owner.client.post_empty(&in_org(other, &org.rbt, "/send-password-reset")).refused(404, "not_found");
    let send = in_org(&org, &org.bcba, "/send-password-reset");
    org.rbt.client.post_empty(&send).refused(403, "forbidden");
    org.manager.client.post_empty(&send).expect(204);
    org.manager.client.post_empty(&send).refused(429, "too_many_attempts");
    org.manager
        .client
        .post_empty(&in_org(&org, &org.rbt, "/send-password-reset"))
        .refused(429, "too_many_attempts");
    org.manager
        .client
        .post_empty(&in_org(&org, &org.owner, "/send-password-reset"))
        .refused(403, "forbidden");
    let token = server().mailbox().wait_for(&org.bcba.email, "Reset").token();
    assert_ne!(token, first);
    // A link that staff send invalidates the one that the person requested.
    let why = json!({"reason": "Somebody else uses it."});
    org.owner.client.post(&in_org(&org, &org.rbt, "/flag-compromised"), why).expect(200);
    let old = json!({"token": first, "password": NEW_PASSWORD});
    Client::anonymous().post("/password-resets/complete", old).refused(410, "gone");
    let complete = |token: &str| {
        Client::anonymous()
            .post("/password-resets/complete", json!({"token": token, "password": NEW_PASSWORD}))
    };
    complete(&token).expect(204);
    complete(&token).refused(410, "gone");
    log_in(&org.bcba, NEW_PASSWORD).expect(201);
}

#[test]
fn s003_1_r6_a_temporary_password_works_once_and_has_to_be_changed() {
    let org = Org::new();
    let path = in_org(&org, &org.rbt, "/set-temporary-password");
    org.manager.client.post(&path, why()).refused(403, "forbidden");
    let given = org.owner.client.post(&path, why()).expect(200);
    let temporary = text(&given, "temporary_password");
    assert!(temporary.len() >= 20);
    assert_eq!(org.rbt.client.get("/me").status, 401, "the sessions are gone");
    log_in(&org.rbt, PASSWORD).refused(401, "invalid_credentials");
    let session = log_in(&org.rbt, &temporary).expect(201);
    log_in(&org.rbt, &temporary).refused(401, "invalid_credentials");
    let client = Client::with_token(&text(&session, "access_token"));
    assert_eq!(client.get("/me").expect(200)["restrictions"], json!(["change_password"]));
    client.get(&org.path("/tickets")).refused(403, "session_restricted");
    let change = json!({"current_password": temporary, "new_password": NEW_PASSWORD});
    client.post("/me/change-password", change).expect(204);
    client.get(&org.path("/tickets")).expect(200);
    log_in(&org.rbt, NEW_PASSWORD).expect(201);
    server().mailbox().wait_for(&org.rbt.email, "password");
    let shown = org.owner.client.get(&in_org(&org, &org.rbt, "/activity?purpose=Check")).expect(200);
    assert!(!shown.to_string().contains(&temporary), "the history holds no password");
    assert!(!server().log().contains(&temporary), "nor does the log");
}

#[test]
fn s000_12_flagging_as_compromised_ends_sessions_and_opens_a_critical_ticket() {
    let org = Org::new();
    let flagged = org.owner.client.post(&in_org(&org, &org.rbt, "/flag-compromised"), why()).expect(200);
    assert_eq!(org.rbt.client.get("/me").status, 401);
    log_in(&org.rbt, PASSWORD).refused(401, "invalid_credentials");
    let ticket = org.path(&format!("/tickets/{}", text(&flagged, "security_ticket_id")));
    let ticket = org.manager.client.get(&ticket).expect(200);
    assert_eq!((&ticket["priority"], &ticket["requester_id"]), (&json!("critical"), &json!(org.rbt.id)));
    let token = server().mailbox().wait_for(&org.rbt.email, "Reset").token();
    let body = json!({"token": token, "password": NEW_PASSWORD});
    Client::anonymous().post("/password-resets/complete", body).expect(204);
    log_in(&org.rbt, NEW_PASSWORD).expect(201);
    let by_platform = platform_owner().client.post(&of(&org.bcba, "/flag-compromised"), why()).expect(200);
    assert_eq!(by_platform["security_ticket_ids"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_organization_modifies_no_account_with_other_memberships() {
    let (org, other) = (Org::new(), Org::new());
    let known = &other.rbt;
    let body = json!({"email": known.email, "name": "Rob", "roles": ["rbt"], "location_ids": [org.downtown]});
    org.owner.client.post(&org.path("/members"), body).expect(201);
    known.client.get(&org.path("/tickets")).expect(200);
    for (path, body) in [
        ("/set-temporary-password", why()),
        ("/flag-compromised", why()),
        ("/confirm", why()),
        ("/unlock", why()),
        ("/schedule-deletion", deletion()),
    ] {
        org.owner.client.post(&in_org(&org, known, path), body).refused(409, "account_shared");
    }
    let correct = json!({"email": "mine@evil.example", "reason": "Mine now."});
    org.owner.client.patch(&in_org(&org, known, "/account"), correct).refused(409, "account_shared");
    log_in(known, PASSWORD).expect(201);
    let seen = org.owner.client.get(&in_org(&org, known, "/activity?purpose=Check")).expect(200);
    assert!(
        !column(&seen, "kind").contains(&"session_created".to_owned()),
        "what is not its own is not shown"
    );
    org.suspend(known);
    known.client.get(&other.path("/tickets")).expect(200);
    org.owner.client.post_empty(&in_org(&org, known, "/send-password-reset")).expect(204);
    let mail = server().mailbox().wait_for(&known.email, "Reset");
    assert!(!mail.text.contains("Lakeside"), "in nobody's name who could have written it: {}", mail.text);
    let diagnosis = org.owner.client.get(&in_org(&org, known, "/login-diagnosis")).expect(200);
    assert_eq!(diagnosis["checks"].as_array().map(Vec::len), Some(3));
    assert_eq!(diagnosis["last_log_in_at"], Value::Null);
}

#[test]
fn an_organization_does_not_modify_an_account_that_existed_before() {
    let (first, second) = (Org::new(), Org::new());
    let body = json!({"email": first.rbt.email, "name": "Rob", "roles": ["rbt"]});
    second.owner.client.post(&second.path("/members"), body).expect(201);
    first.rbt.client.get(&second.path("/tickets")).expect(200);
    first
        .owner
        .client
        .post(&in_org(&first, &first.rbt, "/set-temporary-password"), why())
        .refused(409, "account_shared");
    first.owner.client.delete(&in_org(&first, &first.rbt, "")).expect(204);
    let path = in_org(&second, &first.rbt, "/set-temporary-password");
    second.owner.client.post(&path, why()).refused(409, "account_shared");
    let seen = second.owner.client.get(&in_org(&second, &first.rbt, "/activity?purpose=Check")).expect(200);
    assert!(!seen.to_string().contains(&first.id), "what another organization did is not shown");
    let peer = first.add_member(&["owner"], &[], None);
    let path = in_org(&first, &peer, "/set-temporary-password");
    first.owner.client.post(&path, why()).refused(409, "account_shared");
}

#[test]
fn nobody_assists_an_account_with_more_permissions_than_their_own() {
    let org = Org::new();
    for path in ["/unlock", "/flag-compromised", "/suspend"] {
        org.manager.client.post(&in_org(&org, &org.owner, path), why()).refused(403, "forbidden");
    }
    let manager = crate::harness::holder_of("platform_manager");
    for path in ["/suspend", "/set-temporary-password", "/flag-compromised"] {
        manager.client.post(&of(second_platform_owner(), path), why()).refused(403, "forbidden");
    }
    manager.client.post(&of(&org.rbt, "/suspend"), why()).expect(200);
    let role = of(&org.bcba, "/platform-roles/platform_owner");
    manager.client.put(&role, why()).refused(403, "forbidden");
}

#[test]
fn s001_21_s003_4_the_directory_is_searched_filtered_and_sorted() {
    let org = Org::new();
    let platform = &platform_owner().client;
    let listed = |query: &str| platform.get(&format!("/users?{query}")).expect(200);
    let found = listed(&format!("email={}", org.rbt.email.to_uppercase()));
    let user = &found["data"][0];
    assert_eq!(
        (&user["id"], &user["is_active"], &user["status"]),
        (&json!(org.rbt.id), &json!(true), &json!("active"))
    );
    assert_eq!(user["memberships"], json!([{"org_id": org.id, "roles": ["rbt"]}]));
    assert!(user["registered_at"].is_string() && user["updated_at"].is_string());
    assert_eq!(user["profile_url"], format!("/api/v1/users/{}/profile", org.rbt.id));
    assert_eq!(listed("email=nobody@nowhere.example")["data"], json!([]));
    let here = format!("org_id={}&limit=100", org.id);
    for sort in ["name", "-name", "email", "-email", "created_at", "-created_at"] {
        let all = column(&listed(&format!("{here}&sort={sort}")), "id");
        assert_eq!(all.len(), 6, "{sort}");
        let paged: Vec<String> = walk(platform, &format!("/users?org_id={}&sort={sort}&limit=2", org.id))
            .iter()
            .map(|user| text(user, "id"))
            .collect();
        assert_eq!(paged, all, "{sort}");
    }
    let emails = column(&listed(&format!("{here}&sort=email")), "email");
    assert!(emails.is_sorted(), "{emails:?}");
    assert_eq!(column(&listed(&format!("{here}&q=mona")), "id"), [org.manager.id.as_str()]);
    platform.post(&of(&org.rbt, "/suspend"), why()).expect(200);
    assert_eq!(column(&listed(&format!("{here}&status=suspended")), "id"), [org.rbt.id.as_str()]);
    let owners = column(&listed("platform_role=platform_owner&limit=100"), "id");
    assert!(owners.contains(&second_platform_owner().id));
    for bad in ["status=gone", "sort=password_hash", "platform_role=king", "org_id=1", "password_hash=x"] {
        platform.get(&format!("/users?{bad}")).refused(422, "validation_failed");
    }
    org.owner.client.get("/users").refused(403, "forbidden");
}

#[test]
fn s001_22_s001_23_staff_correct_what_they_may_and_nothing_else() {
    let org = Org::new();
    let path = in_org(&org, &org.rbt, "/account");
    for field in ["password_hash", "status", "consents", "created_at", "id", "platform_roles"] {
        let body = json!({field: "x", "reason": "Why not."});
        let problem = org.owner.client.patch(&path, body).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&[&format!("#/{field}")]));
    }
    org.owner.client.patch(&path, json!({"name": "Robin"})).refused(422, "validation_failed");
    let word = rare_word("robin");
    let ticket = org.ticket(&org.rbt);
    let corrected = org.manager.client.patch(&path, json!({"name": word, "reason": "Misspelt."})).expect(200);
    assert_eq!(corrected["name"], json!(word));
    let found = org.manager.client.get(&org.path(&format!("/tickets?q={word}"))).expect(200);
    assert_eq!(column(&found, "id"), [text(&ticket, "id")], "the index knows the new name");
    let tag = platform_owner().client.get(&of(&org.bcba, "")).etag();
    let change = json!({"name": "Beate", "reason": "Misspelt."});
    let once = platform_owner().client.send_json("PATCH", &of(&org.bcba, ""), &[("If-Match", &tag)], &change);
    once.expect(200);
    platform_owner()
        .client
        .send_json("PATCH", &of(&org.bcba, ""), &[("If-Match", &tag)], &change)
        .refused(412, "precondition_failed");
}

#[test]
fn s000_8_a_corrected_address_is_confirmed_by_the_person_and_the_old_one_notified() {
    let org = Org::new();
    let email = format!("{}@else.example", unique("corrected"));
    let body = json!({"email": email, "reason": "The person moved."});
    let account = in_org(&org, &org.rbt, "/account");
    org.manager.client.patch(&account, body.clone()).refused(403, "forbidden");
    org.owner.client.patch(&account, body).expect(200);
    let told = server().mailbox().wait_for(&org.rbt.email, "about to change");
    assert!(told.text.contains(&email), "{}", told.text);
    log_in(&org.rbt, PASSWORD).expect(201);
    let taken = json!({"email": org.bcba.email, "reason": "Mixed up."});
    let path = in_org(&org, &org.rbt2, "/account");
    org.owner.client.patch(&path, taken).refused(409, "already_exists");
    let token = server().mailbox().wait_for(&email, "Confirm your new").token();
    org.rbt.client.post("/address-changes/confirm", json!({"token": token})).expect(204);
    log_in(&org.rbt, PASSWORD).refused(401, "invalid_credentials");
    Client::anonymous().post("/sessions", json!({"email": email, "password": PASSWORD})).expect(201);
    server().mailbox().wait_for(&org.rbt.email, "address of your account has changed");
}

#[test]
fn s003_12_a_transfer_does_not_move_tickets() {
    let (from, to) = (Org::new(), Org::new());
    let ticket = from.ticket(&from.rbt);
    let body =
        json!({"from_org_id": from.id, "to_org_id": to.id, "roles": ["bcba"], "reason": "Changed clinics."});
    let platform = &platform_owner().client;
    let moved = platform.post(&of(&from.rbt, "/transfer"), body.clone()).expect(200);
    assert_eq!(moved["memberships"], json!([{"org_id": to.id, "roles": ["bcba"]}]));
    assert_eq!(from.rbt.client.get("/me").status, 401, "the sessions are gone");
    let again = Client::log_in(&from.rbt.email, PASSWORD);
    again.get(&to.path("/tickets")).expect(200);
    again.get(&from.path("/tickets")).refused(404, "not_found");
    assert_eq!(read(&from, &from.manager, &ticket)["requester_id"], json!(from.rbt.id));
    platform.post(&of(&from.rbt, "/transfer"), body).refused(422, "reference_not_found");
    let owner = json!({"from_org_id": from.id, "to_org_id": to.id, "roles": ["rbt"], "reason": "No."});
    platform.post(&of(&from.owner, "/transfer"), owner).refused(409, "conflict");
    for roles in ["manager", "community_facilitator"] {
        let up = json!({"from_org_id": from.id, "to_org_id": to.id, "roles": [roles], "reason": "No."});
        platform.post(&of(&from.bcba, "/transfer"), up).refused(422, "rule_violated");
    }
    let nowhere = json!({"from_org_id": from.id, "to_org_id": from.id, "roles": ["rbt"], "reason": "No."});
    platform.post(&of(&from.bcba, "/transfer"), nowhere).refused(422, "rule_violated");
    let up = json!({"from_org_id": from.id, "to_org_id": to.id, "roles": ["owner"], "reason": "No."});
    platform.post(&of(&from.bcba, "/transfer"), up).refused(422, "rule_violated");
}

#[test]
fn s001_30_a_critical_change_requires_a_second_approver() {
    let org = Org::new();
    let second = org.add_member(&["owner"], &[], None);
    let path = in_org(&org, &second, "");
    let asked = org.owner.client.delete(&path).expect(202);
    assert_eq!((&asked["kind"], &asked["status"]), (&json!("remove_owner"), &json!("pending")));
    org.owner.client.get(&path).expect(200);
    org.owner.client.delete(&path).refused(409, "already_exists");
    let approval = org.path(&format!("/approvals/{}", text(&asked, "id")));
    let approve = format!("{approval}/approve");
    org.owner.client.post_empty(&approve).refused(403, "forbidden");
    org.manager.client.post_empty(&approve).refused(403, "forbidden");
    org.rbt.client.post_empty(&approve).refused(403, "forbidden");
    shared()
        .owner
        .client
        .post_empty(&shared().path(&format!("/approvals/{}/approve", text(&asked, "id"))))
        .refused(404, "not_found");
    let approved = second.client.post_empty(&approve).expect(200);
    assert_eq!((&approved["status"], &approved["decided_by"]), (&json!("approved"), &json!(second.id)));
    org.owner.client.get(&path).refused(404, "not_found");
    org.owner.client.post_empty(&approve).refused(409, "invalid_transition");
    let listed = org.owner.client.get(&org.path("/approvals")).expect(200);
    assert_eq!(column(&listed, "status"), ["approved"]);
    assert_eq!(org.owner.client.get(&approval).expect(200)["id"], asked["id"]);
}

#[test]
fn s001_30_a_platform_role_is_granted_by_two() {
    let org = Org::new();
    let (first, second) = (platform_owner(), second_platform_owner());
    let role = of(&org.rbt, "/platform-roles/platform_tech_support");
    let asked = first.client.put(&role, why()).expect(202);
    assert_eq!(asked["status"], "pending");
    let approve = format!("/approvals/{}/approve", text(&asked, "id"));
    org.rbt.client.get("/users").refused(403, "forbidden");
    first.client.post_empty(&approve).refused(403, "forbidden");
    second.client.post_empty(&approve).expect(200);
    org.rbt.client.get("/users").expect(200);
    org.rbt.client.post(&of(&org.bcba, "/suspend"), why()).refused(403, "forbidden");
    first.client.delete(&role).expect(204);
    first.client.delete(&role).refused(404, "not_found");
    org.rbt.client.get("/users").refused(403, "forbidden");
    let denied = first.client.put(&role, why()).expect(202);
    let deny = format!("/approvals/{}/deny", text(&denied, "id"));
    second.client.post_empty(&deny).expect(200);
    org.rbt.client.get("/users").refused(403, "forbidden");
    first.client.put(&of(&org.rbt, "/platform-roles/king"), why()).refused(422, "validation_failed");
    let owner = of(second, "/platform-roles/platform_owner");
    let waiting = first.client.delete(&owner).expect(202);
    assert_eq!((&waiting["kind"], &waiting["status"]), (&json!("remove_platform_owner"), &json!("pending")));
    first
        .client
        .post_empty(&format!("/approvals/{}/approve", text(&waiting, "id")))
        .refused(403, "forbidden");
    first.client.post_empty(&format!("/approvals/{}/deny", text(&waiting, "id"))).expect(200);
    second.client.get("/users").expect(200);
}

#[test]
fn s000_13_s000_14_s000_15_a_deletion_is_verified_mailed_and_can_be_cancelled() {
    let org = Org::new();
    let second = org.add_member(&["owner"], &[], None);
    let path = in_org(&org, &org.rbt, "/schedule-deletion");
    for (field, value, code) in [
        ("identity_method", Value::Null, "validation_failed"),
        ("retention_notice_version", json!(99), "rule_violated"),
        ("is_confirmed", json!(false), "rule_violated"),
    ] {
        let mut body = deletion();
        body[field] = value;
        let problem = org.owner.client.post(&path, body).refused(422, code);
        assert_eq!(places(&problem), set_of(&[&format!("#/{field}")]));
    }
    let notice = org.rbt.client.get("/retention-notice").expect(200);
    assert_eq!((&notice["version"], &notice["grace_days"]), (&json!(1), &json!(30)));
    let asked = org.owner.client.post(&path, deletion()).expect(202);
    org.rbt.client.get("/me").expect(200);
    let approve = org.path(&format!("/approvals/{}/approve", text(&asked, "id")));
    second.client.post_empty(&approve).expect(200);
    assert_eq!(org.rbt.client.get("/me").status, 401);
    log_in(&org.rbt, PASSWORD).refused(401, "invalid_credentials");
    let seen = platform_owner().client.get(&of(&org.rbt, "")).expect(200);
    assert_eq!(seen["status"], "deletion_scheduled");
    assert!(seen["deletion_due_at"].is_string());
    let events = platform_owner().client.get(&of(&org.rbt, "/activity?purpose=Check")).expect(200);
    let planned =
        events["data"].as_array().unwrap().iter().find(|e| e["kind"] == "deletion_scheduled").unwrap();
    let fields: Vec<String> =
        planned["changes"].as_array().unwrap().iter().map(|c| text(c, "field")).collect();
    assert_eq!(
        fields,
        [
            "due_at",
            "identity_method",
            "identity_verified_by",
            "identity_verified_at",
            "retention_notice_version"
        ]
    );
    let token = server().mailbox().wait_for(&org.rbt.email, "deleted").token();
    Client::anonymous().post("/account-deletions/cancel", json!({"token": token})).expect(204);
    Client::anonymous().post("/account-deletions/cancel", json!({"token": token})).refused(410, "gone");
    log_in(&org.rbt, PASSWORD).expect(201);
    let cancel = in_org(&org, &org.rbt, "/cancel-deletion");
    org.owner.client.post(&cancel, why()).refused(409, "invalid_transition");
    for path in ["/schedule-deletion", "/set-temporary-password", "/flag-compromised"] {
        let body = if path == "/schedule-deletion" { deletion() } else { why() };
        let own = in_org(&org, &org.owner, path);
        org.owner.client.post(&own, body).refused(403, "forbidden");
    }
}

#[test]
fn s003_13_s003_14_s003_21_a_deletion_leaves_a_tombstone_and_a_purge_nothing() {
    let server = crate::harness::OwnServer::start(&[]);
    let platform = server.platform_owner();
    platform.client.patch("/platform-settings", json!({"grace_days": 0})).expect(200);
    let org = Org::on(platform);
    let ticket = org.ticket(&org.rbt);
    let delete = |person: &Person| {
        let asked = platform.client.post(&of(person, "/schedule-deletion"), deletion()).expect(202);
        assert_eq!(asked["status"], "approved", "nobody else could agree");
        let gone = || platform.client.get(&of(person, "")).expect(200);
        for _ in 0..100 {
            if gone()["status"] == "deleted" {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        gone()
    };
    for person in [&org.rbt, &org.rbt2] {
        let gone = delete(person);
        let simple = person.id.replace('-', "");
        assert_eq!(gone["email"], format!("deleted_{simple}@deleted.local"));
        assert_eq!((&gone["name"], &gone["is_active"]), (&json!("Deleted User"), &json!(false)));
        assert_eq!(gone["memberships"], json!([]));
        server.mailbox().wait_for(&person.email, "has been deleted");
        platform.client.post(&of(person, "/cancel-deletion"), why()).refused(409, "invalid_transition");
    }
    assert_eq!(read(&org, &org.manager, &ticket)["requester_id"], json!(org.rbt.id), "tickets remain");
    let found = org.manager.client.get(&org.path("/tickets?q=rob")).expect(200);
    assert_eq!(found["data"], json!([]), "the index has forgotten the name");
    let approval = json!({"approved_by": "Counsel", "approved_on": "2026-11-20", "reference": "LEGAL-1"});
    platform.client.post(&of(&org.bcba, "/purge"), approval.clone()).refused(409, "invalid_transition");
    platform.client.post(&of(&org.rbt2, "/purge"), json!({})).refused(422, "validation_failed");
    platform.client.post(&of(&org.rbt, "/purge"), approval.clone()).refused(409, "records_retained");
    platform.client.get(&of(&org.rbt, "")).expect(200);
    platform.client.post(&of(&org.rbt2, "/purge"), approval).expect(204);
    platform.client.get(&of(&org.rbt2, "")).refused(404, "not_found");
    let own = platform.client.get(&of(platform, "/activity?purpose=Check")).expect(200);
    assert!(column(&own, "kind").contains(&"account_purged".to_owned()));
    let email = org.rbt.email.clone();
    let body = json!({"email": email, "name": "Rob Again", "roles": ["rbt"]});
    let again = org.owner.client.post(&org.path("/members"), body).expect(201);
    assert_eq!(again["account_status"], "pending_confirmation");
}

#[test]
fn s001_52_users_request_their_own_deletion() {
    let org = Org::new();
    let ask = |person: &Person, password: &str| {
        let body = json!({"current_password": password, "retention_notice_version": 1, "is_confirmed": true});
        person.client.post("/me/schedule-deletion", body)
    };
    let problem = ask(&org.rbt, "not-the-password-1").refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/current_password"]));
    ask(&org.owner, PASSWORD).refused(409, "last_owner");
    assert!(ask(&org.rbt, PASSWORD).expect(202)["due_at"].is_string());
    assert_eq!(org.rbt.client.get("/me").status, 401);
}

#[test]
fn s003_11_no_operation_removes_the_last_owner() {
    let org = Org::new();
    let platform = &platform_owner().client;
    platform.post(&of(&org.owner, "/suspend"), why()).refused(409, "last_owner");
    platform.post(&of(&org.owner, "/schedule-deletion"), deletion()).refused(409, "last_owner");
    org.owner.client.post(&in_org(&org, &org.owner, "/suspend"), why()).refused(409, "last_owner");
    org.owner.client.get(&org.path("/tickets")).expect(200);
}

#[test]
fn s003_05_a_reactivation_is_effective_and_recorded() {
    let org = Org::new();
    let suspend = json!({"reason": "Sends advertisements."});
    platform_owner().client.post(&of(&org.rbt, "/suspend"), suspend).expect(200);
    log_in(&org.rbt, PASSWORD).refused(401, "invalid_credentials");
    platform_owner().client.post(&of(&org.rbt, "/reactivate"), json!({})).refused(422, "validation_failed");
    platform_owner().client.post(&of(&org.rbt, "/reactivate"), why()).expect(200);
    log_in(&org.rbt, PASSWORD).expect(201);
    let kept = platform_owner().client.get(&of(&org.rbt, "/activity?purpose=Check")).expect(200);
    let event = kept["data"].as_array().unwrap().iter().find(|e| e["kind"] == "account_reactivated").unwrap();
    assert_eq!((&event["actor_id"], &event["reason"]), (&json!(platform_owner().id), &why()["reason"]));
    server().mailbox().wait_for(&org.rbt.email, "account is active");
}

#[test]
fn s003_10_credentials_are_sent_once_and_only_to_the_owner() {
    let org = Org::new();
    let email = format!("{}@told.example", crate::harness::unique("new"));
    let body = json!({"email": email, "name": "Nia New", "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/members"), body).expect(201);
    let token = org.handed_over(&made);
    let mailed = server().mailbox().wait_for(&email, "account").token();
    assert_ne!(mailed, token, "whoever hands a link over does not learn the mailed one");
    let id = text(&made, "user_id");
    let given = json!({"reason": "No mail today."});
    let path = org.path(&format!("/members/{}/set-temporary-password", org.rbt.id));
    let temporary = text(&org.owner.client.post(&path, given).expect(200), "temporary_password");
    for path in [
        org.path("/members"),
        org.path(&format!("/members/{id}")),
        org.path(&format!("/members/{id}/activity?purpose=Check")),
        org.path(&format!("/members/{id}/mail-log?purpose=Check")),
        org.path(&format!("/members/{}/activity?purpose=Check", org.rbt.id)),
        org.path(&format!("/members/{}/mail-log?purpose=Check", org.rbt.id)),
    ] {
        let seen = String::from_utf8_lossy(&org.owner.client.get(&path).bytes).into_owned();
        assert!(
            !seen.contains(&token) && !seen.contains(&mailed) && !seen.contains(&temporary),
            "{path}: {seen}"
        );
    }
    let log = server().log();
    assert!(!log.contains(&token) && !log.contains(&mailed) && !log.contains(&temporary));
}

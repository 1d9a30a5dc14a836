//! What permanently ends a session's tokens: S2 and S6 of the contract, and the threat of sessions that
//! outlive a change.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{
    Client, Device, Org, PASSWORD, Person, Reply, platform_owner, second_platform_owner, server,
};

const OTHER: &str = "another-orchard-lantern-8";

fn why() -> Value {
    json!({"reason": "Asked for by phone."})
}

fn somebody() -> Person {
    shared().add_member(&["rbt"], &[&shared().downtown], None)
}

fn of(person: &Person, rest: &str) -> String {
    format!("/users/{}{rest}", person.id)
}

fn here(person: &Person, rest: &str) -> String {
    shared().path(&format!("/members/{}{rest}", person.id))
}

fn log_in(person: &Person, password: &str) -> Value {
    Client::anonymous().post("/sessions", json!({"email": person.email, "password": password})).expect(201)
}

fn refresh(token: &str) -> Reply {
    Client::anonymous().post("/sessions/refresh", json!({"refresh_token": token}))
}

/// The next pair.
fn next(tokens: &Value) -> Value {
    refresh(&text(tokens, "refresh_token")).expect(200)
}

fn client(tokens: &Value) -> Client {
    Client::with_token(&text(tokens, "access_token"))
}

/// Tokens of a log-in, and tokens of a refresh.
fn pairs(person: &Person) -> [Value; 2] {
    [log_in(person, PASSWORD), next(&log_in(person, PASSWORD))]
}

/// Asserts that both tokens are refused, and the refresh token each time like an invented one.
#[track_caller]
fn dead(pairs: &[Value]) {
    let never = as_seen(&refresh("never-given-to-anybody"));
    for tokens in pairs {
        for _ in 0..2 {
            let refused = refresh(&text(tokens, "refresh_token"));
            assert_eq!(as_seen(&refused), never);
            refused.refused(401, "token_revoked");
        }
        let refused = client(tokens).get("/me");
        assert!(refused.header("www-authenticate").unwrap().contains("error=\"invalid_token\""), "{refused}");
        refused.refused(401, "token_revoked");
    }
}

#[track_caller]
fn alive(tokens: &Value) {
    client(tokens).get("/me").expect(200);
    client(&next(tokens)).get("/me").expect(200);
}

/// Asserts that the token no longer gives access to the path, and no refreshed one does.
#[track_caller]
fn opens_no_more(tokens: &Value, path: &str, status: u16, code: &str) {
    client(tokens).get(path).refused(status, code);
    let refreshed = refresh(&text(tokens, "refresh_token"));
    match refreshed.status {
        200 => client(&refreshed.body).get(path).refused(status, code),
        _ => refreshed.refused(401, "token_revoked"),
    };
}

fn reset(token: &str) {
    let body = json!({"token": token, "password": OTHER});
    Client::anonymous().post("/password-resets/complete", body).expect(204);
}

#[test]
fn s000_5_a_reset_by_the_mailed_link_ends_every_session() {
    let person = somebody();
    let held = pairs(&person);
    Client::anonymous().post("/password-resets", json!({"email": person.email})).expect(202);
    let token = server().mailbox().wait_for(&person.email, "Reset").token();
    let before = log_in(&person, PASSWORD);
    alive(&log_in(&person, PASSWORD));
    reset(&token);
    dead(&held);
    dead(&[before]);
    alive(&log_in(&person, OTHER));
}

#[test]
fn s000_6_a_link_that_staff_send_ends_sessions_once_it_is_used() {
    let person = somebody();
    let held = pairs(&person);
    shared().manager.client.post_empty(&here(&person, "/send-password-reset")).expect(204);
    let token = server().mailbox().wait_for(&person.email, "Reset").token();
    alive(&log_in(&person, PASSWORD));
    reset(&token);
    dead(&held);
}

#[test]
fn s6_changing_the_own_password_ends_the_other_sessions_and_not_this_one() {
    let person = somebody();
    let (held, own) = (pairs(&person), log_in(&person, PASSWORD));
    let change = |current: &str| {
        let body = json!({"current_password": current, "new_password": OTHER});
        client(&own).post("/me/change-password", body)
    };
    change("not-the-password-1").refused(422, "rule_violated");
    held.iter().for_each(|tokens| drop(client(tokens).get("/me").expect(200)));
    change(PASSWORD).expect(204);
    dead(&held);
    alive(&own);
}

#[test]
fn s001_28_a_suspension_ends_all_tokens_at_once_and_lifting_it_restores_none() {
    let person = somebody();
    let held = pairs(&person);
    let in_hand = client(&held[0]);
    let file = |client: &Client| {
        let body = json!({
            "subject": rare_word("late"), "details": "After the end.", "urgency": "low", "location_id": shared().downtown
        });
        client.post(&shared().path("/tickets"), body)
    };
    file(&in_hand).expect(201);
    platform_owner().client.post(&of(&person, "/suspend"), why()).expect(200);
    file(&in_hand).refused(401, "token_revoked");
    dead(&held);
    platform_owner().client.post(&of(&person, "/reactivate"), why()).expect(200);
    dead(&held);
    alive(&log_in(&person, PASSWORD));
}

#[test]
fn s001_28_a_suspended_member_gets_no_access_by_refreshing() {
    let person = somebody();
    let held = pairs(&person);
    shared().suspend(&person);
    for tokens in &held {
        opens_no_more(tokens, &shared().path("/tickets"), 403, "account_disabled");
    }
    shared().reactivate(&person);
    client(&log_in(&person, PASSWORD)).get(&shared().path("/tickets")).expect(200);
}

#[test]
fn s003_6_tokens_are_effective_everywhere_but_in_an_inactive_organization() {
    let (org, elsewhere) = (Org::new(), shared());
    let member = json!({"email": org.rbt.email, "name": "Rob", "roles": ["rbt"]});
    elsewhere.owner.client.post(&elsewhere.path("/members"), member).expect(201);
    let (with_two, with_one) = (pairs(&org.rbt), pairs(&org.manager));
    let switch = |is_active: bool| {
        platform_owner().client.patch(&org.path(""), json!({"is_active": is_active})).expect(200)
    };
    switch(false);
    for tokens in &with_one {
        opens_no_more(tokens, &org.path("/tickets"), 403, "organization_inactive");
    }
    for tokens in &with_two {
        client(tokens).get(&org.path("/tickets")).refused(403, "organization_inactive");
        let tokens = next(tokens);
        client(&tokens).get(&org.path("/tickets")).refused(403, "organization_inactive");
        client(&tokens).get(&elsewhere.path("/tickets")).expect(200);
    }
    switch(true);
    client(&log_in(&org.manager, PASSWORD)).get(&org.path("/tickets")).expect(200);
}

#[test]
fn r16_a_removed_member_has_no_access_with_old_or_refreshed_tokens() {
    let person = somebody();
    let held = pairs(&person);
    client(&held[0]).get(&shared().path("/tickets")).expect(200);
    shared().owner.client.delete(&here(&person, "")).expect(204);
    for tokens in &held {
        opens_no_more(tokens, &shared().path("/tickets"), 404, "not_found");
    }
    let again = client(&log_in(&person, PASSWORD));
    assert_eq!(again.get("/me").expect(200)["memberships"], json!([]));
}

#[test]
fn s003_12_a_transferred_user_has_to_log_in_again() {
    let (person, to) = (somebody(), Org::new());
    let held = pairs(&person);
    let body = json!({"from_org_id": shared().id, "to_org_id": to.id, "roles": ["rbt"], "reason": "Moved."});
    platform_owner().client.post(&of(&person, "/transfer"), body).expect(200);
    dead(&held);
}

#[test]
fn s000_15_a_scheduled_deletion_ends_all_tokens_and_cancelling_it_restores_none() {
    let person = somebody();
    let held = pairs(&person);
    let wish = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    client(&held[0]).post("/me/schedule-deletion", wish).expect(202);
    dead(&held);
    let token = server().mailbox().wait_for(&person.email, "deleted").token();
    Client::anonymous().post("/account-deletions/cancel", json!({"token": token})).expect(204);
    dead(&held);
    alive(&log_in(&person, PASSWORD));
}

#[test]
fn s001_30_a_deletion_by_staff_ends_tokens_once_a_second_approver_approves() {
    let person = somebody();
    let held = pairs(&person);
    let body = json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for."});
    let asked = platform_owner().client.post(&of(&person, "/schedule-deletion"), body).expect(202);
    assert_eq!(asked["status"], "pending");
    alive(&log_in(&person, PASSWORD));
    let approve = format!("/approvals/{}/approve", text(&asked, "id"));
    second_platform_owner().client.post_empty(&approve).expect(200);
    dead(&held);
}

#[test]
fn s000_12_flagging_as_compromised_ends_every_session() {
    let person = somebody();
    let held = pairs(&person);
    shared().owner.client.post(&here(&person, "/flag-compromised"), why()).expect(200);
    dead(&held);
    reset(&server().mailbox().wait_for(&person.email, "Reset").token());
    dead(&held);
    alive(&log_in(&person, OTHER));
}

#[test]
fn s003_1_a_temporary_password_ends_every_session() {
    let person = somebody();
    let held = pairs(&person);
    shared().owner.client.post(&here(&person, "/set-temporary-password"), why()).expect(200);
    dead(&held);
}

#[test]
fn s9_two_factor_log_in_ends_the_other_sessions_and_its_reset_all() {
    let person = somebody();
    let held = pairs(&person);
    let mut device = Device::of(&person);
    dead(&held);
    person.client.get("/me").expect(200);
    let body = json!({"email": person.email, "password": PASSWORD, "totp_code": device.code()});
    let with_code = Client::anonymous().post("/sessions", body).expect(201);
    platform_owner().client.post(&of(&person, "/reset-two-factor"), why()).expect(204);
    dead(&[with_code]);
    person.client.get("/me").refused(401, "token_revoked");
    alive(&log_in(&person, PASSWORD));
}

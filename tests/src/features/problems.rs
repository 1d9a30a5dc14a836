//! Problems that operations declare (`x-problem-codes`) and that no requirement is about: each is met here.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::acts::{deletion, why};
use super::helpers::*;
use crate::harness::{
    Org, OwnServer, PASSWORD, Person, Reply, TEST_CLOCK, holder_of, let_platform_votes_start, platform_owner,
    second_platform_owner, server, unique,
};

/// Asserts that the request was refused with this code.
#[track_caller]
fn refused(reply: &Reply, code: &str) {
    assert_eq!(reply.code(), code, "{reply}");
}

fn past() -> Value {
    json!("2020-01-01T00:00:00Z")
}

fn stranger() -> String {
    format!("{}@problems.example", unique("guest"))
}

/// A platform user, who is a member of another organization.
fn somebody() -> Person {
    shared().add_member(&["rbt"], &[], None)
}

fn user(person: &Person, rest: &str) -> String {
    format!("/users/{}{rest}", person.id)
}

fn member(org: &Org, id: &str, rest: &str) -> String {
    org.path(&format!("/members/{id}{rest}"))
}

fn approval(pending: &Value, verb: &str) -> String {
    format!("/approvals/{}/{verb}", text(pending, "id"))
}

/// An organization with two owners whose votes have started.
fn of_two_owners() -> (Org, Person) {
    let org = Org::new();
    let other = org.add_member(&["owner"], &[], None);
    org.let_votes_start();
    (org, other)
}

/// A new role, which nobody holds.
fn add_role(org: &Org) -> String {
    let key = unique("desk").replace('-', "_");
    let body = json!({"key": key, "name": key, "permissions": ["create_tickets"]});
    org.owner.client.post(&org.path("/roles"), body).expect(201);
    key
}

fn remove_role(org: &Org, key: &str) {
    org.owner.client.delete(&org.path(&format!("/roles/{key}"))).expect(204);
}

#[test]
fn texts_and_times_that_no_schema_can_judge_break_a_rule() {
    let (org, by) = (shared(), &platform_owner().client);
    let person = somebody();
    let terms =
        json!({"agreement_key": "terms_of_use", "title": "see http://x", "url": "https://x.example/t"});
    refused(&by.post("/agreements", terms), "rule_violated");
    let nowhere = json!({"time_zone": "Mars/Olympus"});
    refused(&by.patch("/platform-settings", nowhere.clone()), "rule_violated");
    let with_reason = json!({"time_zone": "Mars/Olympus", "reason": "Moved."});
    refused(&by.patch(&user(&person, ""), with_reason), "rule_violated");
    let ended = json!({"reason": "Away.", "until": past()});
    refused(&org.owner.client.post(&member(org, &person.id, "/suspend"), ended), "rule_violated");
    let email = stranger();
    for (path, mut body) in [
        ("/invitations".to_owned(), json!({"email": email})),
        ("/invitation-batches".to_owned(), json!({"emails": [email]})),
        (org.path("/invitation-batches"), json!({"emails": [email], "roles": ["rbt"]})),
    ] {
        let client = if path.starts_with("/orgs") { &org.owner.client } else { by };
        body["valid_until"] = past();
        refused(&client.post(&path, body), "rule_violated");
    }
    let unread = json!({
        "identity_method": "call_back", "retention_notice_version": 2, "is_confirmed": true, "reason": "Asked for."
    });
    refused(&by.post(&user(&person, "/schedule-deletion"), unread), "rule_violated");
}

#[test]
fn names_and_addresses_that_are_taken_already_exist() {
    let (org, by) = (Org::new(), &platform_owner().client);
    let owner = &org.owner.client;
    let riverside = org.path(&format!("/locations/{}", org.riverside));
    refused(&owner.patch(&riverside, json!({"name": "Downtown Clinic"})), "already_exists");
    let clone = json!({"key": "manager", "name": "Another"});
    refused(&owner.post(&org.path("/roles/rbt/clone"), clone), "already_exists");
    let taken = json!({"email": org.rbt2.email, "reason": "Misspelt."});
    refused(&by.patch(&user(&org.rbt, ""), taken), "already_exists");
    // The address of a member becomes that of an invited person.
    let email = stranger();
    let invited =
        owner.post(&org.path("/invitations"), json!({"email": email, "roles": ["rbt"]})).expect(201);
    let path = org.path(&format!("/invitations/{}", text(&invited, "id")));
    let code = text(&owner.get(&format!("{path}/url")).expect(200), "code");
    let change = json!({"current_password": PASSWORD, "email": email});
    org.rbt.client.post("/me/change-address", change).expect(202);
    let token = server().mailbox().wait_for(&email, "Confirm your new").token();
    org.rbt.client.post("/address-changes/confirm", json!({"token": token})).expect(204);
    refused(&org.rbt.client.post("/invitation-codes/accept", json!({"code": code})), "already_exists");
}

#[test]
fn a_decision_is_made_once() {
    let (org, other) = of_two_owners();
    let owner = &org.owner.client;
    let ticket = org.ticket(&org.rbt);
    refused(&owner.post(&ticket_path(&org, &ticket, "/deny"), why()), "conflict");
    owner.post(&member(&org, &org.rbt2.id, "/suspend"), why()).expect(200);
    refused(&owner.post(&member(&org, &org.rbt2.id, "/suspend"), why()), "invalid_transition");

    let demoted = json!({"roles": ["manager"], "reason": "Leaves the board."});
    let place = member(&org, &other.id, "");
    refused(&owner.patch(&place, json!({"roles": ["manager"]})), "rule_violated");
    let pending = owner.patch(&place, demoted.clone()).expect(202);
    refused(&owner.patch(&place, demoted), "already_exists");
    let deny = org.path(&approval(&pending, "deny"));
    owner.post_empty(&deny).expect(200);
    refused(&owner.post_empty(&deny), "invalid_transition");

    let schedule = member(&org, &org.rbt.id, "/schedule-deletion");
    let pending = owner.post(&schedule, deletion()).expect(202);
    refused(&owner.post(&schedule, deletion()), "already_exists");
    other.client.post_empty(&org.path(&approval(&pending, "approve"))).expect(200);
    refused(&owner.post(&schedule, deletion()), "invalid_transition");

    let developer = user(&somebody(), "/platform-roles/platform_developer");
    let (first, second) = (&platform_owner().client, &second_platform_owner().client);
    let pending = first.put(&developer, why()).expect(202);
    refused(&first.put(&developer, why()), "already_exists");
    second.post_empty(&approval(&pending, "approve")).expect(200);
    refused(&second.post_empty(&approval(&pending, "approve")), "invalid_transition");
    refused(&first.put(&developer, why()), "conflict");
    let pending = first.post(&user(&somebody(), "/schedule-deletion"), deletion()).expect(202);
    first.post_empty(&approval(&pending, "deny")).expect(200);
    refused(&first.post_empty(&approval(&pending, "deny")), "invalid_transition");
}

#[test]
fn a_pending_account_and_a_suspended_one_get_no_help_to_log_in() {
    let org = Org::new();
    let body = json!({"email": stranger(), "name": "Nia New", "roles": ["rbt"]});
    let pending = text(&org.owner.client.post(&org.path("/members"), body).expect(201), "user_id");
    let owner = &org.owner.client;
    refused(&owner.post_empty(&member(&org, &pending, "/send-password-reset")), "invalid_transition");
    refused(&owner.post(&member(&org, &pending, "/set-temporary-password"), why()), "invalid_transition");
    refused(&owner.post(&member(&org, &pending, "/flag-compromised"), why()), "invalid_transition");

    let (by, person) = (&platform_owner().client, somebody());
    refused(&by.post(&user(&person, "/reset-two-factor"), why()), "conflict");
    by.post(&user(&person, "/suspend"), why()).expect(200);
    refused(&by.post_empty(&user(&person, "/send-password-reset")), "invalid_transition");
    refused(&by.post(&user(&person, "/set-temporary-password"), why()), "invalid_transition");
    refused(&by.post(&user(&person, "/flag-compromised"), why()), "invalid_transition");
    refused(&by.put(&user(&person, "/platform-roles/platform_developer"), why()), "invalid_transition");
}

#[test]
fn wrong_passwords_are_counted_for_all_operations_that_take_one() {
    let person = somebody();
    let codes = json!({"password": PASSWORD, "totp_code": "123456"});
    refused(&person.client.post("/me/two-factor/recovery-codes", codes), "conflict");
    let wrong =
        json!({"current_password": "not-the-password-1", "new_password": "another-orchard-lantern-8"});
    let guess = || person.client.post("/me/change-password", wrong.clone());
    assert!((0..40).any(|_| guess().code() == "too_many_attempts"), "guesses are bounded");
    let setup = json!({"password": PASSWORD});
    refused(&person.client.post("/me/two-factor/setup", setup), "too_many_attempts");
    let address = json!({"current_password": PASSWORD, "email": stranger()});
    refused(&person.client.post("/me/change-address", address), "too_many_attempts");
    let leave = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    refused(&person.client.post("/me/schedule-deletion", leave), "too_many_attempts");
}

#[test]
fn invitations_to_the_platform_have_the_pauses_of_others() {
    let (by, email) = (&platform_owner().client, stranger());
    let invite = || by.post("/invitations", json!({"email": email}));
    let path = format!("/invitations/{}", text(&invite().expect(201), "id"));
    refused(&invite(), "already_exists");
    by.post_empty(&format!("{path}/revoke")).expect(200);
    refused(&invite(), "too_many_attempts");
    refused(&by.get(&format!("{path}/url")), "invalid_transition");
}

/// A role is deleted while only a revoked invitation names it. That invitation can be removed, and mailed no more.
#[test]
fn an_invitation_with_a_deleted_role_can_be_removed() {
    let org = Org::new();
    let (key, owner) = (add_role(&org), &org.owner.client);
    let body = json!({"email": stranger(), "roles": [key]});
    let made = owner.post(&org.path("/invitations"), body).expect(201);
    let path = org.path(&format!("/invitations/{}", text(&made, "id")));
    owner.post_empty(&format!("{path}/revoke")).expect(200);
    remove_role(&org, &key);
    refused(&owner.post_empty(&format!("{path}/resend")), "reference_not_found");
    refused(&owner.post_empty(&format!("{path}/revoke")), "invalid_transition");
    refused(&owner.get(&format!("{path}/url")), "invalid_transition");
    owner.delete(&path).expect(204);
}

#[test]
fn a_request_to_join_is_decided_once_and_only_for_those_outside() {
    let org = Org::new();
    let open = json!({"joining_mode": "by_request", "ticket_openers": "anyone"});
    org.owner.client.patch(&org.path(""), open).expect(200);
    let request = |person: &Person| {
        let made = person.client.post("/me/membership-requests", json!({"org_slug": org.slug})).expect(201);
        org.path(&format!("/membership-requests/{}/approve", text(&made, "id")))
    };
    let approve = |path: &str| org.owner.client.post(path, json!({"reason": "Welcome!"}));
    let [person, guest] = [(); 2].map(|()| somebody());
    refused(
        &person.client.post("/me/guest-memberships", json!({"org_slug": unique("nowhere")})),
        "reference_not_found",
    );
    let path = request(&person);
    approve(&path).expect(200);
    refused(&approve(&path), "invalid_transition");
    guest.client.post("/me/guest-memberships", json!({"org_slug": org.slug})).expect(201);
    let path = request(&guest);
    org.owner.client.post(&member(&org, &guest.id, "/suspend"), why()).expect(200);
    refused(&approve(&path), "already_exists");
}

#[test]
fn a_permission_is_granted_to_members_with_roles_that_exist() {
    let org = Org::new();
    let review =
        json!({"identity_check": "Called back.", "consulted": "Mona Manager", "explanation": "Nights."});
    let grant = |request: &Value| {
        let path = org.path(&format!("/permission-requests/{}/grant", text(request, "id")));
        org.owner.client.post(&path, review.clone())
    };
    let wish = |person: &Person, role: &str| {
        let body = json!({"justification": "I take over nights.", "requested_role": role});
        person.client.post(&org.path("/permission-requests"), body).expect(201)
    };
    let key = add_role(&org);
    let request = wish(&org.rbt, &key);
    remove_role(&org, &key);
    refused(&grant(&request), "reference_not_found");
    let request = wish(&org.rbt2, "manager");
    org.owner.client.delete(&member(&org, &org.rbt2.id, "")).expect(204);
    refused(&grant(&request), "conflict");
}

#[test]
fn a_follow_up_is_filed_for_a_member_only() {
    let org = Org::new();
    let ticket = org.ticket(&org.rbt);
    close(&org, &ticket);
    org.suspend(&org.rbt);
    let body = json!({"details": "Again.", "location_id": org.downtown});
    refused(&org.manager.client.post(&ticket_path(&org, &ticket, "/follow-up"), body), "rule_violated");
}

/// What was requested for a person is not done when they have become somebody else to the organization.
#[test]
fn a_pending_change_is_refused_when_its_subject_has_changed() {
    let (org, other) = of_two_owners();
    let owner = &org.owner.client;
    let elsewhere = Org::new();
    elsewhere.owner.client.patch(&elsewhere.path(""), json!({"joining_mode": "open"})).expect(200);
    let approve = |pending: &Value| other.client.post_empty(&org.path(&approval(pending, "approve")));
    let request =
        |person: &Person| owner.post(&member(&org, &person.id, "/schedule-deletion"), deletion()).expect(202);

    let pending = request(&org.rbt);
    org.rbt.client.post("/me/membership-requests", json!({"org_slug": elsewhere.slug})).expect(201);
    refused(&approve(&pending), "account_shared");
    refused(&owner.post(&member(&org, &org.rbt.id, "/cancel-deletion"), why()), "account_shared");

    let pending = request(&org.rbt2);
    owner.delete(&member(&org, &org.rbt2.id, "")).expect(204);
    let again = json!({"email": org.rbt2.email, "name": "Ria Again", "roles": ["rbt"]});
    owner.post(&org.path("/members"), again).expect(201);
    refused(&approve(&pending), "membership_unclaimed");

    let key = add_role(&org);
    let third = org.add_member(&["owner"], &[], None);
    org.let_votes_start();
    let demoted = json!({"roles": [key], "reason": "Leaves the board."});
    let pending = owner.patch(&member(&org, &third.id, ""), demoted).expect(202);
    remove_role(&org, &key);
    refused(&approve(&pending), "reference_not_found");

    let developer = somebody();
    let place = user(&developer, "/platform-roles/platform_developer");
    let pending = platform_owner().client.put(&place, why()).expect(202);
    platform_owner().client.post(&user(&developer, "/set-temporary-password"), why()).expect(200);
    refused(&second_platform_owner().client.post_empty(&approval(&pending, "approve")), "address_unproved");
}

/// An account that is not of the organization alone: its person joined with it.
#[test]
fn no_set_up_link_is_issued_for_somebody_elses_account() {
    let org = Org::new();
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "open"})).expect(200);
    let person = somebody();
    person.client.post("/me/membership-requests", json!({"org_slug": org.slug})).expect(201);
    let links = member(&org, &person.id, "/setup-links");
    refused(&org.owner.client.post(&links, why()), "account_shared");
}

#[test]
fn on_the_platform_a_change_of_an_owner_is_pending_once() {
    let own = OwnServer::start(&[]);
    let first = own.platform_owner().client.clone();
    let [second, third, fourth] = [(); 3].map(|()| Org::on(own.platform_owner()).rbt);
    let owner = |person: &Person| user(person, "/platform-roles/platform_owner");
    first.put(&owner(&second), why()).expect(202);
    let_platform_votes_start(&own);
    let pending = first.delete(&owner(&second)).expect(202);
    assert_eq!(pending["status"], "pending");
    refused(&first.delete(&owner(&second)), "already_exists");
    let pending = first.post(&user(&third, "/schedule-deletion"), deletion()).expect(202);
    refused(&first.post(&user(&third, "/schedule-deletion"), deletion()), "already_exists");
    first.post_empty(&approval(&pending, "deny")).expect(200);
    // Given by the operator while a grant is pending.
    let pending = first.put(&user(&fourth, "/platform-roles/platform_developer"), why()).expect(202);
    own.sql(&format!(
        "INSERT INTO platform_roles (user_id, role_key) SELECT id, 'platform_developer' FROM users WHERE email = '{}'",
        fourth.email
    ));
    refused(&second.client.post_empty(&approval(&pending, "approve")), "conflict");
    let pending = first.put(&owner(&third), why()).expect(202);
    second.client.post_empty(&approval(&pending, "approve")).expect(200);
    // Another address suspends the vote.
    first.patch(&user(&third, ""), json!({"email": stranger(), "reason": "Moved."})).expect(200);
    let restore = format!("/approvers/{}/restore-vote", third.id);
    refused(&third.client.post(&restore, why()), "vote_missing");
}

#[test]
fn a_deleted_account_is_not_edited_and_its_purge_has_an_approval_of_the_past() {
    let own = OwnServer::start(&[TEST_CLOCK]);
    let email = own.platform_owner().email.clone();
    let person = Org::on(own.platform_owner()).rbt;
    let resent = stranger();
    let made = own.platform_owner().client.post("/invitations", json!({"email": resent})).expect(201);
    let leave = json!({"current_password": PASSWORD, "retention_notice_version": 1, "is_confirmed": true});
    person.client.post("/me/schedule-deletion", leave).expect(202);
    own.clock().advance(TimeDelta::minutes(20));
    let by = own.client().logged_in(&email, PASSWORD);
    let resend = format!("/invitations/{}/resend", text(&made, "id"));
    refused(&by.post(&resend, json!({"valid_until": past()})), "rule_violated");
    own.clock().advance(TimeDelta::days(40));
    let by = own.client().logged_in(&email, PASSWORD);
    let edit = json!({"name": "Rob Again", "reason": "Misspelt."});
    refused(&by.patch(&user(&person, ""), edit), "invalid_transition");
    let later = json!({"approved_by": "Counsel", "approved_on": "2999-01-01", "reference": "LEGAL-1"});
    refused(&by.post(&user(&person, "/purge"), later), "rule_violated");
}

#[test]
fn a_holder_of_a_platform_role_gets_it_once() {
    let person = holder_of("platform_developer");
    let path = user(&person, "/platform-roles/platform_developer");
    refused(&platform_owner().client.put(&path, why()), "conflict");
}

/// A platform that has lost its last owner prints a set-up token at its next start. It makes a new account.
#[test]
fn the_account_of_a_new_first_owner_has_an_address_of_its_own() {
    let mut own = OwnServer::start(&[]);
    let taken = own.platform_owner().email.clone();
    own.sql("DELETE FROM platform_roles");
    own.restart();
    let token = own.new_setup_token();
    let body = json!({"token": token, "name": "Pat Again", "password": PASSWORD, "email": taken});
    refused(&own.client().post("/account-setups", body), "already_exists");
}

#[test]
fn s001_30_a_change_is_pending_once_however_many_were_decided_since() {
    let (person, first) = (somebody(), &platform_owner().client);
    let developer = user(&person, "/platform-roles/platform_developer");
    let pending = first.put(&developer, why()).expect(202);
    for _ in 0..51 {
        let other = first.post(&user(&person, "/schedule-deletion"), deletion()).expect(202);
        first.post_empty(&approval(&other, "deny")).expect(200);
    }
    refused(&first.put(&developer, why()), "already_exists");
    first.post_empty(&approval(&pending, "deny")).expect(200);
}

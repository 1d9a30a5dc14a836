//! Votes on critical changes, so that one person with two accounts is not two: S001-30.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::fixtures::stranger;
use super::helpers::*;
use crate::harness::{Client, Device, Org, OwnServer, PASSWORD, Person, Reply};

pub(super) const OTHER: &str = "another-orchard-lantern-8";

/// A server with one platform owner, whose database these tests may change.
fn own() -> &'static OwnServer {
    static OWN: LazyLock<OwnServer> = LazyLock::new(|| OwnServer::start(&[]));
    &OWN
}

/// Lets time pass for the votes and changes of an organization, or of the platform.
pub(super) fn let_days_pass(server: &OwnServer, org: Option<&Org>, days: i64) {
    let whose = match org {
        Some(org) => format!("org_id = (SELECT id FROM orgs WHERE slug = '{}')", org.slug),
        None => "org_id IS NULL".to_owned(),
    };
    for (table, column) in [
        ("approvers", "held_since"),
        ("approvers", "lost_at"),
        ("approvers", "vote_starts_at"),
        ("approvers", "endorsed_at"),
        ("approvals", "requested_at"),
        ("approvals", "expires_at"),
        ("approvals", "settles_at"),
        ("approvals", "reminds_at"),
    ] {
        let earlier = match server.database_url() {
            Some(_) => format!("{column} - interval '{days} days'"),
            None => format!("strftime('%Y-%m-%dT%H:%M:%f', {column}, '-{days} days') || '000Z'"),
        };
        server
            .sql(&format!("UPDATE {table} SET {column} = {earlier} WHERE {column} IS NOT NULL AND {whose}"));
    }
}

/// Lets the seven days of all changes end, with the reminder mail one day before.
pub(super) fn let_them_end(server: &OwnServer, org: Option<&Org>) {
    let_days_pass(server, org, 6);
    let whose = match org {
        Some(org) => format!("org_id = (SELECT id FROM orgs WHERE slug = '{}')", org.slug),
        None => "org_id IS NULL".to_owned(),
    };
    let unreminded = format!("SELECT count(*) FROM approvals WHERE reminds_at IS NOT NULL AND {whose}");
    server.wait_for_sql(&unreminded, "0");
    let_days_pass(server, org, 1);
}

pub(super) fn why() -> Value {
    json!({"reason": "Asked for in person."})
}

pub(super) fn deletion() -> Value {
    json!({"identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true, "reason": "Asked for."})
}

pub(super) fn of(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

pub(super) fn log_in(server: &OwnServer, email: &str, password: &str) -> Client {
    server.client().logged_in(email, password)
}

/// The state of a person's vote, for each right.
pub(super) fn votes(by: &Client, path: &str, person: &Person) -> Vec<(String, String)> {
    let all = by.get(path).expect(200);
    let rows = all["data"].as_array().unwrap().iter().filter(|row| row["user_id"] == json!(person.id));
    rows.map(|row| (text(row, "approval_right"), text(row, "vote"))).collect()
}

/// The vote on changes of owners.
fn vote(org: &Org, by: &Person, of: &Person) -> String {
    let all = votes(&by.client, &org.path("/approvers"), of);
    all.into_iter().find(|(right, _)| right == "change_owners").map(|(_, vote)| vote).unwrap_or_default()
}

fn asked_to_remove(org: &Org, by: &Person, who: &Person) -> String {
    text(&by.client.delete(&of(org, who, "")).expect(202), "id")
}

fn decide(org: &Org, by: &Client, id: &str, verb: &str) -> Reply {
    by.post_empty(&org.path(&format!("/approvals/{id}/{verb}")))
}

/// An organization with two owners whose votes are effective.
pub(super) fn two_owners(server: &OwnServer) -> (Org, Person) {
    let org = Org::on(server.platform_owner());
    let second = org.add_member(&["owner"], &[], None);
    assert_eq!(vote(&org, &org.owner, &second), "effective", "nobody else held the right");
    (org, second)
}

pub(super) fn forgot(server: &OwnServer, email: &str, password: &str) {
    server.client().post("/password-resets", json!({"email": email})).expect(202);
    let token = server.mailbox().wait_for(email, "Reset your password").token();
    let body = json!({"token": token, "password": password});
    server.client().post("/password-resets/complete", body).expect(204);
}

pub(super) fn change_password(server: &OwnServer, email: &str, temporary: &Value, password: &str) -> Client {
    let client = log_in(server, email, temporary["temporary_password"].as_str().unwrap());
    let body = json!({"current_password": temporary["temporary_password"], "new_password": password});
    client.post("/me/change-password", body).expect(204);
    client
}

#[test]
fn s001_30_entering_another_platform_owners_account_gives_no_vote() {
    let server = OwnServer::start(&[]);
    let (alice, org) = (server.platform_owner(), Org::on(server.platform_owner()));
    let bob = org.rbt.clone();
    let grant =
        |id: &str| alice.client.put(&format!("/users/{id}/platform-roles/platform_owner"), why()).expect(202);
    assert_eq!(grant(&bob.id)["status"], "approved", "nobody else held the right");
    let asked = grant(&org.rbt2.id);
    assert_eq!((&asked["status"], &asked["takes_effect"]), (&json!("pending"), &json!("after_approval")));

    Device::of(&bob);
    alice.client.post(&format!("/users/{}/reset-two-factor", bob.id), why()).expect(204);
    let given = alice.client.post(&format!("/users/{}/set-temporary-password", bob.id), why()).expect(200);
    let as_bob = change_password(&server, &bob.email, &given, OTHER);
    let approve = format!("/approvals/{}/approve", text(&asked, "id"));
    as_bob.post_empty(&approve).refused(403, "vote_missing");
    alice.client.post_empty(&approve).refused(403, "forbidden");
    // Nor can the owner who acted restore the vote, and time never does.
    let restore = format!("/approvers/{}/restore-vote", bob.id);
    alice.client.post(&restore, why()).refused(403, "forbidden");
    as_bob.post(&format!("/approvers/{}/restore-vote", alice.id), why()).refused(409, "invalid_transition");
    let_days_pass(&server, None, 6);
    as_bob.post_empty(&approve).refused(403, "vote_missing");
    // The owner of the account is notified at its address, and so is every other holder.
    let words = "an approver has no vote for now";
    assert!(server.mailbox().wait_for(&bob.email, words).text.contains(&bob.email));
    // They can deny, which requires no vote.
    as_bob.post_empty(&format!("/approvals/{}/deny", text(&asked, "id"))).expect(200);

    // The owner restores the vote by a link to the address that was proved before.
    let asked = grant(&org.rbt2.id);
    assert_eq!(asked["takes_effect"], "unless_denied", "no vote but the requester's counts");
    forgot(&server, &bob.email, "third-orchard-lantern-9");
    as_bob.get("/me").refused(401, "token_revoked");
    let approve = format!("/approvals/{}/approve", text(&asked, "id"));
    log_in(&server, &bob.email, "third-orchard-lantern-9").post_empty(&approve).expect(200);
    server.mailbox().wait_for(&bob.email, "an approver has their vote back");
}

#[test]
fn s001_30_each_act_that_gives_access_to_an_account_suspends_its_vote_and_others_do_not() {
    let server = own();
    let platform = &server.platform_owner().client;
    let (org, _) = two_owners(server);
    let suspended = |person: &Person| votes(&org.owner.client, &org.path("/approvers"), person);
    let fresh = || {
        let person = org.add_member(&["owner"], &[], None);
        let_days_pass(server, Some(&org), 8);
        assert_eq!(vote(&org, &org.owner, &person), "effective");
        person
    };
    let person = fresh();
    for harmless in ["/send-password-reset", "/suspend", "/reactivate"] {
        let body = if harmless.starts_with("/send") { Value::Null } else { why() };
        let reply = call(platform, "POST", &format!("/users/{}{harmless}", person.id), &body);
        assert!((200..300).contains(&reply.status), "{reply}");
        assert_eq!(vote(&org, &org.owner, &person), "effective", "{harmless}");
    }
    platform.post(&format!("/users/{}/set-temporary-password", person.id), why()).expect(200);
    assert!(suspended(&person).iter().all(|(_, vote)| vote == "suspended"), "{:?}", suspended(&person));
    let guarded = fresh();
    Device::of(&guarded);
    platform.post(&format!("/users/{}/reset-two-factor", guarded.id), why()).expect(204);
    assert_eq!(vote(&org, &org.owner, &guarded), "suspended");
    let moved = fresh();
    let body = json!({"email": stranger(), "reason": "Moved."});
    platform.patch(&format!("/users/{}", moved.id), body).expect(200);
    assert_eq!(vote(&org, &org.owner, &moved), "suspended");
    let body = json!({"email": stranger(), "name": "Nia New", "roles": ["owner"]});
    let waiting = org.owner.client.post(&org.path("/members"), body).expect(201);
    org.handed_over(&waiting);
    let id = text(&waiting, "user_id");
    let nia = Person { id, ..org.rbt.clone() };
    assert_eq!(vote(&org, &org.owner, &nia), "suspended");
    let body = json!({"email": stranger(), "name": "Kim New", "roles": ["owner"]});
    let waiting = org.owner.client.post(&org.path("/members"), body).expect(201);
    let kim = Person { id: text(&waiting, "user_id"), ..org.rbt.clone() };
    platform.post(&format!("/users/{}/confirm", kim.id), why()).expect(200);
    assert_eq!(vote(&org, &org.owner, &kim), "suspended");
}

#[test]
fn s001_30_a_new_owner_gets_a_vote_after_seven_days_and_is_removed_without_approval_before() {
    let server = own();
    let (org, second) = two_owners(server);
    let made = org.add_member(&["owner"], &[], None);
    assert_eq!(vote(&org, &org.owner, &made), "starting");
    let mail = server.mailbox().wait_for(&second.email, "somebody new can approve critical changes");
    assert!(mail.text.contains(&made.email), "{}", mail.text);
    let asked = asked_to_remove(&org, &org.owner, &second);
    decide(&org, &made.client, &asked, "approve").refused(403, "vote_missing");
    let_days_pass(server, Some(&org), 6);
    decide(&org, &made.client, &asked, "approve").refused(403, "vote_missing");
    decide(&org, &made.client, &asked, "deny").expect(200);
    let_days_pass(server, Some(&org), 1);
    assert_eq!(vote(&org, &org.owner, &made), "effective");
    // Now their removal requires two; that of another member requires one.
    asked_to_remove(&org, &org.owner, &made);
    let other = org.add_member(&["owner"], &[], None);
    second.client.patch(&of(&org, &other, ""), json!({"roles": ["rbt"]})).expect(200);
    let third = org.add_member(&["owner"], &[], None);
    second.client.delete(&of(&org, &third, "")).expect(204);
}

#[test]
fn s001_30_a_right_by_edited_grants_a_request_or_an_invitation_starts_the_same_way() {
    let server = own();
    let (org, second) = two_owners(server);
    let deleting = |person: &Person| {
        let all = votes(&org.owner.client, &org.path("/approvers"), person);
        all.into_iter().find(|(right, _)| right == "delete_member_accounts").map(|(_, vote)| vote)
    };
    let path = org.path("/roles/bcba");
    let role = org.owner.client.get(&path).expect(200);
    let mut permissions = words(&role["permissions"]);
    permissions.push("delete_member_accounts".to_owned());
    let tag = org.owner.client.get(&path).etag();
    let replace = |permissions: &[String], tag: &str| {
        let body = json!({"permissions": permissions});
        org.owner
            .client
            .send_json("PUT", &format!("{path}/permissions"), &[("If-Match", tag)], &body)
            .expect(200)
    };
    assert_eq!(deleting(&org.bcba), None);
    replace(&permissions, &tag);
    assert_eq!(deleting(&org.bcba).as_deref(), Some("starting"));
    permissions.pop();
    let tag = org.owner.client.get(&path).etag();
    replace(&permissions, &tag);
    assert_eq!(deleting(&org.bcba), None);
    // A former holder is notified, and has seven days to deny requested changes.
    server.mailbox().wait_for(&org.bcba.email, "somebody can no longer approve critical changes");
    let asked = org.owner.client.post(&of(&org, &org.rbt2, "/schedule-deletion"), deletion()).expect(202);
    let deny = format!("/me/approvals/{}/deny", text(&asked, "id"));
    org.nowhere.client.post_empty(&deny).refused(404, "not_found");
    org.bcba.client.post_empty(&deny).expect(200);

    let wanted = json!({"requested_role": "owner", "justification": "I run it."});
    let wish = org.rbt.client.post(&org.path("/permission-requests"), wanted).expect(201);
    let grant = org.path(&format!("/permission-requests/{}/grant", text(&wish, "id")));
    let review = json!({"identity_check": "Called back.", "consulted": "Mona", "explanation": "Runs it."});
    second.client.post(&grant, review).expect(200);
    assert_eq!(vote(&org, &org.owner, &org.rbt), "starting");
    let restore = org.path(&format!("/approvers/{}/restore-vote", org.rbt.id));
    org.rbt.client.post(&restore, why()).refused(403, "vote_missing");

    let guest = Org::on(server.platform_owner()).rbt;
    let offer = json!({"email": guest.email, "roles": ["owner"]});
    let invited = org.owner.client.post(&org.path("/invitations"), offer).expect(201);
    let url = org.path(&format!("/invitations/{}/url", text(&invited, "id")));
    let code = json!({"code": org.owner.client.get(&url).expect(200)["code"]});
    // Those who granted the right to the second owner are no longer responsible for it.
    org.let_votes_start();
    guest.client.post("/invitation-codes/accept", code).expect(200);
    assert_eq!(vote(&org, &org.owner, &guest), "starting");
    // The holder who granted the right cannot start the vote; another one can.
    let restore = org.path(&format!("/approvers/{}/restore-vote", guest.id));
    org.owner.client.post(&restore, why()).refused(403, "forbidden");
    second.client.post(&restore, why()).expect(204);
    assert_eq!(vote(&org, &org.owner, &guest), "effective");
    second.client.post(&restore, why()).refused(409, "invalid_transition");
    let unknown = org.path(&format!("/approvers/{}/restore-vote", org.nowhere.id));
    second.client.post(&unknown, why()).refused(404, "not_found");
    // For seven days it cannot approve requests of the holder who started it.
    let asked = asked_to_remove(&org, &second, &org.owner);
    decide(&org, &guest.client, &asked, "approve").refused(403, "forbidden");
}

#[test]
fn s001_30_nobody_approves_a_request_through_an_account_they_entered() {
    let server = own();
    let platform = &server.platform_owner().client;
    let (org, second) = two_owners(server);
    let third = org.add_member(&["owner"], &[], None);
    let_days_pass(server, Some(&org), 8);
    // Not by the organization itself: nobody there acts on an owner's account.
    org.owner
        .client
        .post(&of(&org, &second, "/set-temporary-password"), why())
        .refused(409, "account_shared");
    let given = platform.post(&format!("/users/{}/set-temporary-password", second.id), why()).expect(200);
    let entered = change_password(server, &second.email, &given, OTHER);
    let entered = Person { client: entered, ..second.clone() };
    let asked = asked_to_remove(&org, &entered, &third);
    decide(&org, &org.owner.client, &asked, "approve").refused(403, "forbidden");
    decide(&org, &third.client, &asked, "approve").refused(403, "forbidden");
    // Nor can it give up its rights.
    let body = json!({"current_password": OTHER, "retention_notice_version": 1, "is_confirmed": true});
    entered.client.post("/me/schedule-deletion", body).refused(403, "vote_missing");
}

#[test]
fn s001_30_without_another_vote_the_change_is_made_after_seven_days_unless_somebody_denies_it() {
    let server = own();
    let org = Org::on(server.platform_owner());
    let ask = |person: &Person| {
        org.owner.client.post(&of(&org, person, "/schedule-deletion"), deletion()).expect(202)
    };
    let read = |asked: &Value| {
        let path = org.path(&format!("/approvals/{}", text(asked, "id")));
        org.owner.client.get(&path).expect(200)
    };
    let asked = ask(&org.rbt);
    assert_eq!((&asked["status"], &asked["takes_effect"]), (&json!("pending"), &json!("unless_denied")));
    let words = "a change will be made unless somebody objects";
    let mail = server.mailbox().wait_for(&org.rbt.email, words);
    assert!(
        mail.text.contains(&text(&asked, "id")) && mail.text.contains("is to be deleted"),
        "{}",
        mail.text
    );
    // The subject denies it; nobody else can do that for them.
    let mine = org.rbt.client.get("/me/approvals").expect(200);
    assert_eq!(column(&mine, "id"), [text(&asked, "id")]);
    let deny = |by: &Person, asked: &Value| {
        by.client.post_empty(&format!("/me/approvals/{}/deny", text(asked, "id")))
    };
    deny(&org.rbt2, &asked).refused(404, "not_found");
    assert_eq!(deny(&org.rbt, &asked).expect(200)["status"], "denied");
    deny(&org.rbt, &asked).refused(409, "invalid_transition");

    let asked = ask(&org.rbt2);
    decide(&org, &org.owner.client, &text(&asked, "id"), "approve").refused(403, "forbidden");
    let_days_pass(server, Some(&org), 6);
    server.mailbox().wait_for_many(&org.rbt2.email, words, 2);
    assert_eq!(read(&asked)["status"], "pending");
    org.rbt2.client.get("/me").expect(200);
    let_days_pass(server, Some(&org), 1);
    server.mailbox().wait_for(&org.rbt2.email, "will be deleted");
    let made = read(&asked);
    assert_eq!((&made["status"], &made["decided_by"]), (&json!("approved"), &Value::Null));
    org.rbt2.client.get("/me").refused(401, "token_revoked");
    assert_eq!(server.mailbox().about(&org.rbt2.email, words).len(), 2, "one at the start, one a day before");
}

#[test]
fn s001_30_a_change_is_pending_while_another_holds_the_right_without_a_vote() {
    let server = OwnServer::start(&[]);
    let (alice, org) = (server.platform_owner(), Org::on(server.platform_owner()));
    let grant = |id: &str, role: &str| {
        alice.client.put(&format!("/users/{id}/platform-roles/{role}"), why()).expect(202)
    };
    grant(&org.rbt.id, "platform_owner");
    alice.client.post(&format!("/users/{}/set-temporary-password", org.rbt.id), why()).expect(200);
    let asked = grant(&org.rbt2.id, "platform_developer");
    assert_eq!((&asked["status"], &asked["takes_effect"]), (&json!("pending"), &json!("unless_denied")));
    let mail = server.mailbox().wait_for(&org.rbt.email, "a change will be made unless somebody objects");
    assert!(mail.text.contains("is to get a platform role"), "{}", mail.text);
    let_them_end(&server, None);
    server.wait_for_sql("SELECT count(*) FROM platform_roles WHERE role_key = 'platform_developer'", "1");
    let shown = alice.client.get(&format!("/approvals/{}", text(&asked, "id"))).expect(200);
    assert_eq!(shown["status"], "approved");
    assert_eq!(shown["decided_by"], Value::Null);
    let kept = alice.client.get(&format!("/users/{}/activity?purpose=Check", org.rbt2.id)).expect(200);
    let kinds = column(&kept, "kind");
    assert!(kinds.contains(&"platform_role_granted".to_owned()), "{kinds:?}");
    log_in(&server, &org.rbt2.email, PASSWORD).get("/users").expect(200);
}

#[test]
fn s001_30_a_change_that_can_no_longer_be_made_expires() {
    let server = own();
    let org = Org::on(server.platform_owner());
    let asked = org.owner.client.post(&of(&org, &org.rbt, "/schedule-deletion"), deletion()).expect(202);
    org.owner.client.delete(&of(&org, &org.rbt, "")).expect(204);
    let_them_end(server, Some(&org));
    let path = org.path(&format!("/approvals/{}", text(&asked, "id")));
    let start = std::time::Instant::now();
    while org.owner.client.get(&path).expect(200)["status"] != "expired" {
        assert!(start.elapsed().as_secs() < 60, "{}", org.owner.client.get(&path).expect(200));
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    org.rbt.client.get("/me").expect(200);
}

#[test]
fn s001_30_a_change_needs_a_requester_with_the_right_and_a_subject_who_can_object() {
    let server = OwnServer::start(&[]);
    let (alice, org) = (server.platform_owner(), Org::on(server.platform_owner()));
    let manager = org.bcba.clone();
    let role = format!("/users/{}/platform-roles/platform_manager", manager.id);
    alice.client.put(&role, why()).expect(202);
    alice.client.post(&format!("/users/{}/set-temporary-password", org.rbt.id), why()).expect(200);
    let as_manager = log_in(&server, &manager.email, PASSWORD);
    let ask = |by: &Client, person: &Person| {
        by.post(&format!("/users/{}/schedule-deletion", person.id), deletion()).expect(202)
    };
    let status = |asked: &Value| {
        let read = alice.client.get(&format!("/approvals/{}", text(asked, "id"))).expect(200);
        text(&read, "status")
    };
    let settled = |asked: &Value| {
        let start = std::time::Instant::now();
        while status(asked) == "pending" {
            assert!(start.elapsed().as_secs() < 60, "it still waits");
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        status(asked)
    };
    server.sql("UPDATE approvers SET vote_starts_at = '2099-01-01T00:00:00.000000Z'");
    let asked = [ask(&as_manager, &org.rbt2), ask(&alice.client, &org.nowhere)];
    assert!(asked.iter().all(|asked| asked["takes_effect"] == "unless_denied"), "{asked:?}");
    // The requester of the first change loses the role; the subject of the second is suspended.
    alice.client.delete(&role).expect(204);
    alice.client.post(&format!("/users/{}/suspend", org.nowhere.id), why()).expect(200);
    let_them_end(&server, None);
    assert_eq!(asked.each_ref().map(settled), ["expired", "expired"]);
    log_in(&server, &org.rbt2.email, PASSWORD).get("/me").expect(200);
}

#[test]
fn s001_30_no_organization_rewrites_the_mails_that_warn_of_a_change() {
    let org = Org::on(own().platform_owner());
    for kind in ["critical_change_pending", "approver_changed"] {
        let path = org.path(&format!("/mail-templates/{kind}/en"));
        let tag = org.owner.client.get(&path).etag();
        let body = json!({"subject": "Newsletter", "text": "Nothing to see here."});
        let replaced = org.owner.client.send_json("PUT", &path, &[("If-Match", &tag)], &body);
        replaced.refused(409, "conflict");
    }
}

#[test]
fn s001_30_r18_an_unclaimed_owner_has_no_vote_and_is_removed_without_approval() {
    let server = own();
    let (org, _) = two_owners(server);
    let known = Org::on(server.platform_owner()).rbt;
    let body = json!({"email": known.email, "name": "Kim Known", "roles": ["owner"]});
    org.owner.client.post(&org.path("/members"), body.clone()).expect(201);
    assert_eq!(vote(&org, &org.owner, &known), "");
    org.owner.client.delete(&of(&org, &known, "")).expect(204);
    org.owner.client.post(&org.path("/members"), body).expect(201);
    known.client.get(&org.path("/members")).expect(200);
    assert_eq!(vote(&org, &org.owner, &known), "starting");
}

/// Denying takes no vote, but a log-in: whoever is suspended in the organization alone still does it with their own account.
#[test]
fn s001_30_a_suspended_member_denies_and_a_suspended_account_does_not_get_that_far() {
    let server = OwnServer::start(&[]);
    let (org, second) = two_owners(&server);
    let id = match server.database_url() {
        Some(_) => format!("'{}'", second.id),
        None => format!("x'{}'", second.id.replace('-', "")),
    };
    let asked = |person: &Person| {
        let asked = org.owner.client.post(&of(&org, person, "/schedule-deletion"), deletion()).expect(202);
        text(&asked, "id")
    };
    let deny = |id: &str| second.client.post_empty(&format!("/me/approvals/{id}/deny"));
    let first = asked(&org.rbt2);
    server.sql(&format!("UPDATE memberships SET is_active = FALSE WHERE user_id = {id}"));
    decide(&org, &second.client, &first, "deny").refused(403, "account_disabled");
    assert_eq!(deny(&first).expect(200)["status"], "denied");
    let next = asked(&org.rbt);
    server.sql(&format!("UPDATE users SET status = 'suspended' WHERE id = {id}"));
    deny(&next).refused(403, "account_disabled");
    server.sql(&format!("UPDATE users SET status = 'active' WHERE id = {id}"));
    assert_eq!(deny(&next).expect(200)["status"], "denied");
}

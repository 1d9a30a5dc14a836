//! Joining without an invitation, and who opens requests: S000-20, S000-21, S002-22.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Person, Reply, platform_owner, server};

fn set_up(org: &Org, change: Value) {
    org.owner.client.patch(&org.path(""), change).expect(200);
}

fn community(joining_mode: &str) -> Org {
    let org = Org::new();
    set_up(&org, json!({"joining_mode": joining_mode}));
    org
}

/// Somebody with an account, who is a member of another organization.
fn outsider() -> Person {
    shared().add_member(&["rbt"], &[], None)
}

fn ask(org: &Org, by: &Person) -> Reply {
    let body = json!({"org_slug": org.slug, "message": "I live around the corner."});
    by.client.post("/me/membership-requests", body)
}

fn mine(request: &Value, rest: &str) -> String {
    format!("/me/membership-requests/{}{rest}", text(request, "id"))
}

fn theirs(org: &Org, request: &Value, rest: &str) -> String {
    org.path(&format!("/membership-requests/{}{rest}", text(request, "id")))
}

fn deny(org: &Org, by: &Person, request: &Value) -> Reply {
    by.client.post(&theirs(org, request, "/deny"), json!({"reason": "We are full until spring."}))
}

fn belongs(org: &Org, person: &Person) -> bool {
    let me = person.client.get("/me").expect(200);
    column(&json!({"data": me["memberships"]}), "org_id").contains(&org.id)
}

#[test]
fn s000_20_by_request_a_reviewer_decides_and_the_requester_is_notified() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    assert_eq!((&asked["status"], &asked["org_slug"]), (&json!("pending"), &json!(org.slug)));
    assert_eq!(asked["allowed_actions"], json!(["withdraw"]));
    assert!(!belongs(&org, &person));
    person.client.get(&org.path("/tickets")).refused(404, "not_found");
    ask(&org, &person).refused(409, "already_exists");
    let waiting = org.manager.client.get(&org.path("/membership-requests?status=pending")).expect(200);
    assert_eq!(
        (waiting["data"][0]["user_email"].clone(), waiting["data"].as_array().map(Vec::len)),
        (json!(person.email), Some(1))
    );
    org.rbt.client.get(&org.path("/membership-requests")).refused(403, "forbidden");
    let approved =
        org.manager.client.post(&theirs(&org, &asked, "/approve"), json!({"reason": "Welcome!"})).expect(200);
    assert_eq!(
        (&approved["status"], &approved["decision"]["decided_by_id"]),
        (&json!("approved"), &json!(org.manager.id))
    );
    let member = org.owner.client.get(&org.path(&format!("/members/{}", person.id))).expect(200);
    assert_eq!(set(&member["roles"]), set_of(&["community_member"]));
    assert_eq!(set(&member["location_ids"]), set_of(&[&org.downtown, &org.riverside]));
    org.ticket(&person);
    let mail = server().mailbox().wait_for(&person.email, "Welcome");
    assert!(mail.text.contains("Welcome!"), "{}", mail.text);
    assert_eq!(person.client.get(&mine(&asked, "")).expect(200)["decision"]["decided_by_id"], Value::Null);
    ask(&org, &person).refused(409, "already_exists");
    deny(&org, &org.owner, &asked).refused(409, "invalid_transition");
}

#[test]
fn s000_20_a_denial_has_a_reason_and_lasts() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    org.manager.client.post(&theirs(&org, &asked, "/deny"), json!({})).refused(422, "validation_failed");
    let denied = deny(&org, &org.manager, &asked).expect(200);
    assert_eq!((&denied["status"], &denied["decision"]["is_approved"]), (&json!("denied"), &json!(false)));
    let mail = server().mailbox().wait_for(&person.email, "membership request");
    for part in
        ["We are full until spring.", "appeal once", &format!("/membership-requests/{}", text(&asked, "id"))]
    {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    ask(&org, &person).refused(409, "conflict");
    person.client.delete(&mine(&asked, "")).refused(409, "invalid_transition");
    assert!(!belongs(&org, &person));
}

#[test]
fn s000_20_an_invitation_only_community_says_so() {
    let (org, person) = (Org::new(), outsider());
    ask(&org, &person).refused(403, "invitation_only");
    let unknown = json!({"org_slug": "no-such-community"});
    person.client.post("/me/membership-requests", unknown).refused(422, "reference_not_found");
    let listed = || {
        walk(&person.client, "/joinable-orgs?limit=100").iter().map(|o| text(o, "slug")).collect::<Vec<_>>()
    };
    assert!(!listed().contains(&org.slug));
    set_up(&org, json!({"joining_mode": "by_request"}));
    assert!(listed().contains(&org.slug));
    org.manager.client.patch(&org.path(""), json!({"joining_mode": "open"})).refused(403, "forbidden");
}

#[test]
fn s000_20_an_open_community_admits_at_once() {
    let (org, person) = (community("open"), outsider());
    assert_eq!(ask(&org, &person).expect(201)["status"], json!("approved"));
    assert!(belongs(&org, &person));
    org.ticket(&person);
    // A suspended member does not return by asking to join.
    org.suspend(&person);
    ask(&org, &person).refused(409, "already_exists");
}

#[test]
fn s000_20_a_request_is_withdrawn_while_nobody_has_decided() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    outsider().client.delete(&mine(&asked, "")).refused(404, "not_found");
    person.client.delete(&mine(&asked, "")).expect(204);
    person.client.get(&mine(&asked, "")).refused(404, "not_found");
    ask(&org, &person).expect(201);
}

#[test]
fn s000_20_a_reviewer_grants_no_more_than_they_hold() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    let approve = theirs(&org, &asked, "/approve");
    org.manager.client.post(&approve, json!({"roles": ["owner"]})).refused(403, "forbidden");
    org.manager.client.post(&approve, json!({"roles": ["king"]})).refused(422, "reference_not_found");
    let local = org.add_member(&["manager"], &[&org.riverside], Some("locations"));
    local.client.post(&approve, json!({"location_ids": [org.downtown]})).refused(403, "forbidden");
    local.client.post(&approve, json!({"roles": ["rbt"]})).expect(200);
    let member = org.owner.client.get(&org.path(&format!("/members/{}", person.id))).expect(200);
    assert_eq!(member["ticket_scope"], json!("locations"), "no further than the reviewer's own reach");
    assert_eq!(
        (set(&member["roles"]), set(&member["location_ids"])),
        (set_of(&["rbt"]), set_of(&[&org.riverside]))
    );
}

#[test]
fn s000_21_a_denial_is_appealed_once_and_another_reviewer_decides() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    let appeal = |words: &str| person.client.post(&mine(&asked, "/appeal"), json!({"text": words}));
    appeal("Please.").refused(409, "invalid_transition");
    deny(&org, &org.manager, &asked).expect(200);
    outsider().client.post(&mine(&asked, "/appeal"), json!({"text": "Me."})).refused(404, "not_found");
    let actions =
        |client: &crate::harness::Client, path: &str| client.get(path).expect(200)["allowed_actions"].clone();
    assert_eq!(actions(&person.client, &mine(&asked, "")), json!(["appeal"]));
    assert_eq!(appeal("I help out since May.").expect(200)["status"], json!("appealed"));
    assert_eq!(actions(&org.manager.client, &theirs(&org, &asked, "")), json!([]));
    assert_eq!(actions(&org.owner.client, &theirs(&org, &asked, "")), json!(["approve", "deny"]));
    appeal("And again.").refused(409, "invalid_transition");
    ask(&org, &person).refused(409, "already_exists");
    deny(&org, &org.manager, &asked).refused(403, "forbidden");
    org.manager.client.post(&theirs(&org, &asked, "/approve"), json!({})).refused(403, "forbidden");
    let approved = org.owner.client.post_empty(&theirs(&org, &asked, "/approve")).expect(200);
    assert_eq!(
        (&approved["status"], &approved["decision"]["is_approved"]),
        (&json!("approved"), &json!(false))
    );
    assert_eq!(approved["appeal"]["decision"]["is_approved"], json!(true));
    assert!(belongs(&org, &person));
}

#[test]
fn s000_21_only_the_latest_denial_can_be_appealed() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    deny(&org, &org.manager, &asked).expect(200);
    let appeal = || person.client.post(&mine(&asked, "/appeal"), json!({"text": "Please."}));
    platform_owner().client.patch(&org.path(""), json!({"is_active": false})).expect(200);
    appeal().refused(403, "organization_inactive");
    ask(&org, &person).refused(422, "reference_not_found");
    platform_owner().client.patch(&org.path(""), json!({"is_active": true})).expect(200);
    let body = json!({"email": person.email, "name": "Max", "roles": ["rbt"]});
    org.owner.client.post(&org.path("/members"), body).expect(201);
    appeal().refused(409, "already_exists");
}

#[test]
fn s000_21_an_appeal_that_fails_ends_it() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    deny(&org, &org.manager, &asked).expect(200);
    person.client.post(&mine(&asked, "/appeal"), json!({"text": "Please."})).expect(200);
    deny(&org, &org.owner, &asked).expect(200);
    person
        .client
        .post(&mine(&asked, "/appeal"), json!({"text": "Please!"}))
        .refused(409, "invalid_transition");
    assert!(!belongs(&org, &person));
}

#[test]
fn s000_20_joining_another_way_closes_the_request() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    let body = json!({"email": person.email, "name": "Max", "roles": ["rbt"]});
    org.owner.client.post(&org.path("/members"), body).expect(201);
    org.owner.client.get(&theirs(&org, &asked, "")).refused(404, "not_found");
}

#[test]
fn s001_15_joining_another_way_closes_the_invitation() {
    let (org, person) = (community("by_request"), outsider());
    let open = json!({"email": person.email, "roles": ["manager"]});
    let made = org.owner.client.post(&org.path("/invitations"), open).expect(201);
    let at = |rest: &str| org.path(&format!("/invitations/{}{rest}", text(&made, "id")));
    let code = org.owner.client.get(&at("/url")).expect(200)["code"].clone();
    let asked = ask(&org, &person).expect(201);
    org.owner.client.post(&theirs(&org, &asked, "/approve"), json!({"reason": "Welcome!"})).expect(200);
    let settled = org.owner.client.get(&at("")).expect(200);
    assert_eq!(settled["status"], "revoked");
    let member = org.path(&format!("/members/{}", person.id));
    org.owner.client.delete(&member).expect(204);
    person.client.post("/invitation-codes/accept", json!({"code": code})).refused(410, "gone");
    assert!(!belongs(&org, &person));
}

#[test]
fn s000_20_platform_roles_do_not_change_how_people_join() {
    let org = Org::new();
    for change in [json!({"joining_mode": "open"}), json!({"ticket_openers": "anyone"})] {
        platform_owner().client.patch(&org.path(""), change).refused(403, "forbidden");
    }
}

#[test]
fn s000_20_of_two_decisions_at_once_one_is_effective() {
    let (org, person) = (community("by_request"), outsider());
    let asked = ask(&org, &person).expect(201);
    let other = org.add_member(&["manager"], &[], None);
    let reviewers = [&org.manager, &other, &org.owner];
    let replies = std::thread::scope(|threads| {
        let sent = reviewers.map(|by| threads.spawn(|| deny(&org, by, &asked).status));
        sent.map(|thread| thread.join().unwrap())
    });
    assert_eq!(replies.iter().filter(|status| **status == 200).count(), 1, "{replies:?}");
}

#[test]
fn s002_22_anyone_files_requests_as_a_guest() {
    let (org, person) = (Org::new(), outsider());
    let enter = || person.client.post("/me/guest-memberships", json!({"org_slug": org.slug}));
    enter().refused(403, "no_guests");
    set_up(&org, json!({"ticket_openers": "anyone"}));
    assert_eq!(enter().expect(201)["roles"], json!(["guest"]));
    enter().refused(409, "already_exists");
    let ticket = org.ticket(&person);
    assert_eq!((&ticket["approval"], &ticket["status"]), (&Value::Null, &json!("open")));
    assert_eq!(reply(&org, &org.manager, &ticket, "We look into it.").status, 201);
    // A guest is not a member: their own organization still manages the account.
    let flag = shared().path(&format!("/members/{}/unlock", person.id));
    shared().owner.client.post(&flag, json!({"reason": "Asked."})).refused(409, "conflict");
    // A suspended guest does not return by asking to join, nor by an invitation.
    org.suspend(&person);
    set_up(&org, json!({"joining_mode": "open"}));
    ask(&org, &person).refused(409, "already_exists");
    enter().refused(409, "already_exists");
    org.reactivate(&person);
    // A guest may still become a member.
    set_up(&org, json!({"joining_mode": "by_request"}));
    let asked = ask(&org, &person).expect(201);
    org.manager.client.post_empty(&theirs(&org, &asked, "/approve")).expect(200);
    let member = org.owner.client.get(&org.path(&format!("/members/{}", person.id))).expect(200);
    assert_eq!(set(&member["roles"]), set_of(&["community_member"]));
}

#[test]
fn s002_22_requests_of_others_need_the_approval_of_a_representative() {
    let org = Org::new();
    set_up(&org, json!({"ticket_openers": "representatives"}));
    let representative = org.add_member(&["representative"], &[&org.downtown], None);
    assert_eq!(org.ticket(&representative)["approval"], Value::Null);
    assert_eq!(org.ticket(&org.manager)["approval"], Value::Null);
    let ticket = org.ticket(&org.rbt);
    assert_eq!((&ticket["approval"], &ticket["status"]), (&json!("waiting"), &json!("open")));
    assert_eq!(set(&ticket["allowed_actions"]), set_of(&["reply", "edit"]));
    // Staff see it and add notes, but nobody works on it.
    let staff = &org.bcba;
    grant(&org, "bcba", &["create_tickets", "manage_tickets", "force_close_tickets"]);
    assert_eq!(set(&read(&org, staff, &ticket)["allowed_actions"]), set_of(&["add_note"]));
    note(&org, staff, &ticket, "Is this ours?").expect(201);
    reply(&org, staff, &ticket, "Hello").refused(409, "approval_pending");
    resolve(&org, staff, &ticket).refused(409, "approval_pending");
    patch(&org, staff, &ticket, json!({"priority": "high"})).refused(409, "approval_pending");
    patch(&org, staff, &ticket, json!({"assignee_id": staff.id})).refused(409, "approval_pending");
    for (rest, body) in [("/start", json!(null)), ("/close", json!({"force": true}))] {
        call(&staff.client, "POST", &ticket_path(&org, &ticket, rest), &body)
            .refused(409, "approval_pending");
    }
    staff.client.post_empty(&ticket_path(&org, &ticket, "/approve")).refused(403, "forbidden");
    org.rbt.client.post_empty(&ticket_path(&org, &ticket, "/approve")).refused(403, "forbidden");
    reply(&org, &org.rbt, &ticket, "One more thing.").expect(201);
    // The representative sees it, without the notes, and approves it.
    let path = org.path("/tickets?awaits_approval=true");
    assert!(
        !walk_ids(&staff.client, &org.path("/tickets?awaits_approval=false")).contains(&text(&ticket, "id"))
    );
    assert_eq!(walk_ids(&representative.client, &path), [text(&ticket, "id")]);
    assert_eq!(thread(&org, &representative, &ticket).len(), 1);
    assert_eq!(walk_ids(&representative.client, &org.path("/tickets?q=ours")), Vec::<String>::new());
    assert_eq!(walk_ids(&representative.client, &org.path("/tickets?q=thing")), [text(&ticket, "id")]);
    reply(&org, &representative, &ticket, "Hello").refused(403, "forbidden");
    let seen = etag_of(&org, &representative, &ticket);
    patch(&org, &org.rbt, &ticket, json!({"details": "Quite another thing."})).expect(200);
    let approve = ticket_path(&org, &ticket, "/approve");
    let stale = representative.client.send("POST", &approve, &[("If-Match", seen.as_str())], None);
    stale.refused(412, "precondition_failed");
    let approved = representative.client.post_empty(&ticket_path(&org, &ticket, "/approve")).expect(200);
    assert_eq!(
        (&approved["approval"], &approved["approval_decided_by_id"]),
        (&json!("approved"), &json!(representative.id))
    );
    representative.client.post_empty(&ticket_path(&org, &ticket, "/approve")).refused(409, "conflict");
    server().mailbox().wait_for(&org.rbt.email, "request");
    reply(&org, staff, &ticket, "We look into it.").expect(201);
    let after = read(&org, &org.rbt, &ticket);
    assert_eq!(after["status"], json!("in_progress"));
    // An approved request cannot be edited.
    assert!(!words(&after["allowed_actions"]).contains(&"edit".to_owned()));
    patch(&org, &org.rbt, &ticket, json!({"subject": "Something else"})).refused(409, "conflict");
    let told = events(&org, &org.rbt, &ticket, "ticket_approval_decided");
    assert_eq!(told[0]["changes"][0]["to"], json!("approved"));
}

/// A guest with an invitation to become a member, and the path of the invitation.
fn invited_guest() -> (Org, Person, String) {
    let (org, person) = (Org::new(), outsider());
    set_up(&org, json!({"ticket_openers": "anyone"}));
    person.client.post("/me/guest-memberships", json!({"org_slug": org.slug})).expect(201);
    let invited = json!({"email": person.email, "roles": ["rbt"]});
    let made = org.owner.client.post(&org.path("/invitations"), invited).expect(201);
    let invitation = org.path(&format!("/invitations/{}", text(&made, "id")));
    (org, person, invitation)
}

#[test]
fn s002_22_a_guest_can_be_invited() {
    let (org, person, invitation) = invited_guest();
    let url = org.owner.client.get(&format!("{invitation}/url")).expect(200);
    person.client.post("/invitation-codes/accept", json!({"code": url["code"]})).expect(200);
    let member = org.owner.client.get(&org.path(&format!("/members/{}", person.id))).expect(200);
    assert_eq!(set(&member["roles"]), set_of(&["rbt"]));
}

#[test]
fn s002_22_the_form_says_that_a_request_needs_approval() {
    let org = Org::new();
    set_up(&org, json!({"ticket_openers": "representatives"}));
    let warnings = |by: &Person| by.client.get(&org.path("/ticket-form")).expect(200)["warnings"].clone();
    assert_eq!(warnings(&org.rbt)[0]["code"], json!("approval_pending"));
    assert_eq!(warnings(&org.manager), json!([]));
    // Staff who file on behalf of another person vouch for them; staff can't work on their own request while
    // it is pending approval either.
    let filed = org.ticket_with(&org.manager, json!({"on_behalf_of": org.rbt.id})).expect(201);
    assert_eq!(filed["approval"], Value::Null);
    org.manager.client.post_empty(&ticket_path(&org, &filed, "/approve")).refused(409, "conflict");
    let own = org.ticket(&org.bcba);
    grant(&org, "bcba", &["create_tickets", "manage_tickets"]);
    reply(&org, &org.bcba, &own, "I look at it myself.").expect(201);
    assert_eq!(read(&org, &org.bcba, &own)["status"], json!("open"));
}

#[test]
fn s002_22_a_representative_denies_with_a_reason() {
    let org = Org::new();
    set_up(&org, json!({"ticket_openers": "representatives"}));
    let ticket = org.ticket(&org.rbt);
    let path = ticket_path(&org, &ticket, "/deny");
    org.manager.client.post(&path, json!({})).refused(422, "validation_failed");
    let denied = org.manager.client.post(&path, json!({"reason": "Ask the treasurer."})).expect(200);
    assert_eq!(
        (&denied["approval"], &denied["status"], &denied["close_reason"]),
        (&json!("denied"), &json!("closed"), &json!("Ask the treasurer."))
    );
    server().mailbox().wait_for(&org.rbt.email, "closed");
    grant(&org, "bcba", &["create_tickets", "manage_tickets"]);
    let again = json!({"details": "Still."});
    let follow_up = ticket_path(&org, &ticket, "/follow-up");
    org.bcba.client.post(&follow_up, again.clone()).refused(403, "forbidden");
    assert_eq!(org.rbt.client.post(&follow_up, again).expect(201)["approval"], json!("waiting"));
    assert_eq!(steps(&org, &org.rbt, &ticket).last().map(String::as_str), Some("open>closed"));
}

#[test]
fn s002_22_a_representative_sees_pending_requests_of_their_locations_only() {
    let org = Org::new();
    let direct = org.ticket(&org.rbt);
    set_up(&org, json!({"ticket_openers": "representatives"}));
    let near = org.ticket(&org.rbt);
    let far = org.ticket_with(&org.owner, json!({"location_id": org.riverside})).expect(201);
    let roamer = org.add_member(&["rbt"], &[&org.riverside], None);
    let far_waiting = org.ticket_with(&roamer, json!({"location_id": org.riverside})).expect(201);
    let representative = org.add_member(&["representative"], &[&org.downtown], Some("locations"));
    assert_eq!(walk_ids(&representative.client, &org.path("/tickets")), [text(&near, "id")]);
    for hidden in [&direct, &far, &far_waiting] {
        representative.client.get(&ticket_path(&org, hidden, "")).refused(404, "not_found");
        representative.client.post_empty(&ticket_path(&org, hidden, "/approve")).refused(404, "not_found");
    }
    // Nobody approves their own request, even with the permission.
    change_member(&org, &org.rbt, json!({"roles": ["representative"]}));
    org.rbt.client.post_empty(&ticket_path(&org, &near, "/approve")).refused(403, "forbidden");
}

#[test]
fn s002_22_removing_a_guest_ends_their_invitation() {
    let (org, person, invitation) = invited_guest();
    org.owner.client.delete(&org.path(&format!("/members/{}", person.id))).expect(204);
    assert_eq!(org.owner.client.get(&invitation).expect(200)["status"], "revoked");
}

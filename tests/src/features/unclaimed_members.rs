//! How staff might learn more of an unclaimed membership than they entered, and what is effective only once
//! it is claimed: R15.

use serde_json::json;

use super::helpers::*;
use super::unclaimed_memberships::{SENT, add_unclaimed, moved, place, renamed, shown, unclaimed_member};
use crate::harness::{Client, Device, Org, PASSWORD, Person, platform_owner, unique};

fn suspend_account(person: &Person) {
    let path = format!("/users/{}/suspend", person.id);
    platform_owner().client.post(&path, json!({"reason": "Check."})).expect(200);
}

#[test]
fn r15_two_factor_log_in_is_not_visible_before_the_claim() {
    let org = Org::new();
    Device::of(&org.owner);
    org.owner.client.patch(&org.path("/roles/rbt"), json!({"requires_two_factor": true})).expect(200);
    let (with, without) = (unclaimed_member(&org), unclaimed_member(&org));
    Device::of(&with);
    for person in [&with, &without] {
        org.ticket_with(&org.manager, json!({"on_behalf_of": person.id})).expect(201);
    }
    without.client.get(&org.path("/tickets")).refused(403, "two_factor_setup_required");
    assert_eq!(shown(&org, &without)["name"], SENT, "a refusal is not coming");
}

#[test]
fn r15_a_compromised_account_is_reported_only_where_the_membership_is_claimed() {
    let (org, person) = (Org::new(), Org::new().rbt);
    add_unclaimed(&org, &person, "rbt");
    let path = format!("/users/{}/flag-compromised", person.id);
    let flagged = platform_owner().client.post(&path, json!({"reason": "Odd log-ins."})).expect(200);
    assert_eq!(flagged["security_ticket_ids"].as_array().map(Vec::len), Some(1), "at home");
    let all = org.manager.client.get(&org.path("/tickets")).expect(200);
    assert_eq!(all["data"], json!([]));
}

#[test]
fn r15_s003_11_an_unclaimed_owner_does_not_replace_the_last_one() {
    let org = Org::new();
    let person = unclaimed_member(&org);
    change_member(&org, &person, json!({"roles": ["owner"]}));
    let step_down = json!({"roles": ["manager"], "reason": "Moves on."});
    let own = place(&org, &org.owner, "");
    org.owner.client.patch(&own, step_down.clone()).refused(409, "last_owner");
    suspend_account(&person);
    org.owner.client.patch(&own, step_down.clone()).refused(409, "last_owner");
    let reactivate = format!("/users/{}/reactivate", person.id);
    platform_owner().client.post(&reactivate, json!({"reason": "Check."})).expect(200);
    let person = Client::log_in(&person.email, PASSWORD);
    person.get(&org.path("/members")).expect(200);
    org.owner.client.patch(&own, step_down).expect(202);
}

#[test]
fn r15_earlier_requests_reveal_nothing_before_the_claim() {
    let (org, person) = (Org::new(), Org::new().rbt);
    org.owner.client.patch(&org.path(""), json!({"joining_mode": "by_request"})).expect(200);
    let asked = person.client.post("/me/membership-requests", json!({"org_slug": org.slug})).expect(201);
    let path = org.path(&format!("/membership-requests/{}", text(&asked, "id")));
    org.owner.client.post(&format!("{path}/deny"), json!({"reason": "We are full."})).expect(200);
    add_unclaimed(&org, &person, "rbt");
    renamed(&person);
    let email = moved(&person);
    let seen = org.owner.client.get(&path).expect(200).to_string();
    assert!(seen.contains(SENT) && seen.contains(&person.email) && !seen.contains(&email), "{seen}");
}

#[test]
fn r15_s001_14_an_inviter_who_is_added_again_is_shown_as_entered_and_not_effective() {
    let (org, person) = (Org::new(), Org::new().rbt);
    add_unclaimed(&org, &person, "manager");
    let address = json!({"email": format!("{}@invited.example", unique("guest")), "roles": ["rbt"]});
    let invited = person.client.post(&org.path("/invitations"), address).expect(201);
    org.owner.client.delete(&place(&org, &person, "")).expect(204);
    add_unclaimed(&org, &person, "manager");
    let name = renamed(&person);
    let path = org.path(&format!("/invitations/{}", text(&invited, "id")));
    let seen = || {
        let seen = org.owner.client.get(&path).expect(200);
        (text(&seen, "inviter_name"), text(&seen, "status"))
    };
    assert_eq!(seen(), (SENT.to_owned(), "suspended".to_owned()));
    suspend_account(&person);
    assert_eq!(seen(), (SENT.to_owned(), "suspended".to_owned()), "shut off or not");
    let reactivate = format!("/users/{}/reactivate", person.id);
    platform_owner().client.post(&reactivate, json!({"reason": "Check."})).expect(200);
    Client::log_in(&person.email, PASSWORD).get(&org.path("/members")).expect(200);
    assert_eq!(seen(), (name, "pending".to_owned()));
}

#[test]
fn r15_an_address_that_was_not_entered_is_invited_like_any_other() {
    let org = Org::new();
    let person = unclaimed_member(&org);
    let email = moved(&person);
    let invite = |email: &str| org.owner.client.post(&org.path("/invitations"), json!({"email": email}));
    invite(&person.email).refused(409, "already_exists");
    let invited = invite(&email).expect(201);
    org.owner.client.delete(&place(&org, &person, "")).expect(204);
    let path = org.path(&format!("/invitations/{}", text(&invited, "id")));
    assert_eq!(org.owner.client.get(&path).expect(200)["status"], "pending", "nothing tells whose it is");
}

/// A new organization with this person as its owner.
fn made_for(person: &Person) -> String {
    let first = json!({"email": person.email, "name": SENT});
    let body = json!({"name": "Meadow Clinic", "slug": unique("meadow"), "first_admin": first});
    let made = platform_owner().client.post("/orgs", body).expect(201);
    format!("/orgs/{}", text(&made, "id"))
}

#[test]
fn r15_s003_11_an_unclaimed_ownership_does_not_prevent_the_suspension_of_the_account() {
    let person = Org::new().rbt;
    made_for(&person);
    suspend_account(&person);
}

#[test]
fn r15_w03_the_claiming_request_returns_a_valid_tag() {
    let person = Org::new().rbt;
    let path = made_for(&person);
    let tag = person.client.get(&path).etag();
    let change = json!({"name": "Meadow"});
    let changed = person.client.send_json("PATCH", &path, &[("If-Match", &tag)], &change);
    assert_eq!(changed.expect(200)["name"], "Meadow");
}

#[test]
fn r15_an_account_that_is_set_up_is_no_longer_the_organizations() {
    let org = Org::new();
    let person = &org.rbt;
    org.owner.client.delete(&place(&org, person, "")).expect(204);
    let name = renamed(person);
    add_unclaimed(&org, person, "rbt");
    let get = |rest: &str| org.owner.client.get(&place(&org, person, &format!("{rest}?purpose=Check")));
    get("/profile").refused(403, "membership_unclaimed");
    for records in ["/activity", "/log-ins", "/accesses", "/support-history"] {
        let seen = get(records).expect(200);
        let kinds = column(&seen, "kind");
        assert!(kinds.iter().all(|kind| kind.starts_with("member_") || kind == "data_read"), "{kinds:?}");
        assert!(!seen.to_string().contains(&name), "{records}: {seen}");
    }
}

#[test]
fn r16_an_unclaimed_membership_blocks_nobody() {
    let (home, adding, open) = (Org::new(), Org::new(), Org::new());
    let person = home.add_member(&["rbt"], &[], None);
    let log_in = || {
        let body = json!({"email": person.email, "password": PASSWORD});
        Client::anonymous().post("/sessions", body)
    };
    home.owner.client.delete(&place(&home, &person, "")).expect(204);
    add_unclaimed(&adding, &person, "rbt");
    adding.suspend(&person);
    log_in().expect(201);
    open.owner.client.patch(&open.path(""), json!({"ticket_openers": "anyone"})).expect(200);
    person.client.post("/me/guest-memberships", json!({"org_slug": open.slug})).expect(201);
    open.suspend(&person);
    log_in().expect(201);
    let diagnosis = open.owner.client.get(&place(&open, &person, "/login-diagnosis")).expect(200);
    assert_eq!(diagnosis["checks"][2]["fix"], "reactivate_membership", "staff are told what they did");
    change_member(&open, &person, json!({"roles": ["rbt"]}));
    log_in().refused(401, "invalid_credentials");
}

#[test]
fn r15_a_membership_by_the_members_own_act_is_claimed() {
    let (org, person) = (Org::new(), Org::new().rbt);
    add_unclaimed(&org, &person, "guest");
    let name = renamed(&person);
    let invited =
        org.owner.client.post(&org.path("/invitations"), json!({"email": person.email})).expect(201);
    let url = org.path(&format!("/invitations/{}/url", text(&invited, "id")));
    let code = org.owner.client.get(&url).expect(200)["code"].clone();
    person.client.post("/invitation-codes/accept", json!({"code": code})).expect(200);
    let member = shown(&org, &person);
    assert_eq!((&member["name"], &member["account_status"]), (&json!(name), &json!("active")));
}

//! Proved addresses: R18, S10 of the contract, and protection against accounts that are registered in
//! advance.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{
    Client, Device, Org, PASSWORD, Person, Reply, holder_of, platform_owner, server, unique,
};

const OTHER: &str = "another-orchard-lantern-8";
const PROVE: &str = "can reach you here";
const NEW_ACCOUNT: &str = "Your new account";

fn why() -> Value {
    json!({"reason": "Asked for in person."})
}

fn new_email() -> String {
    format!("{}@else.example", unique("victim"))
}

fn add(org: &Org, email: &str, role: &str) -> Value {
    let body =
        json!({"email": email, "name": "Vera Victim", "roles": [role], "location_ids": [org.downtown]});
    org.owner.client.post(&org.path("/members"), body).expect(201)
}

/// A member who set up the account by a link that staff handed over.
fn member_by_staff_link(org: &Org, email: &str) -> Person {
    let made = add(org, email, "rbt");
    Person::set_up(&Client::anonymous(), &org.handed_over(&made), "Eve Elsewhere")
}

fn is_proved(person: &Person) -> Value {
    person.client.get("/me").expect(200)["is_address_proved"].clone()
}

fn of(org: &Org, person: &Person, rest: &str) -> String {
    org.path(&format!("/members/{}{rest}", person.id))
}

fn forget_password(email: &str, password: &str) {
    Client::anonymous().post("/password-resets", json!({"email": email})).expect(202);
    let token = server().mailbox().wait_for(email, "Reset your password").token();
    let body = json!({"token": token, "password": password});
    Client::anonymous().post("/password-resets/complete", body).expect(204);
}

/// Requests a link, and returns its token.
fn asked(person: &Person, email: &str) -> String {
    person.client.post_empty("/me/address-proofs").expect(202);
    server().mailbox().wait_for(email, PROVE).token()
}

fn complete(by: &Client, token: &str) -> Reply {
    by.post("/me/address-proofs/complete", json!({"token": token}))
}

fn prove(person: &Person) {
    complete(&person.client, &asked(person, &person.email)).expect(204);
}

fn org_ids(person: &Person) -> Vec<Value> {
    let me = person.client.get("/me").expect(200);
    me["memberships"].as_array().unwrap().iter().map(|membership| membership["org_id"].clone()).collect()
}

#[test]
fn r18_registering_an_address_in_advance_gives_no_access_to_later_memberships() {
    let (a, b, email) = (Org::new(), Org::new(), new_email());
    let eve = member_by_staff_link(&a, &email);
    eve.client.get(&a.path("/ticket-form")).expect(200);
    let added = add(&b, &email, "manager");
    assert_eq!((&added["account_status"], &added["is_address_proved"]), (&Value::Null, &Value::Null));
    for path in ["/tickets", "/members", "", "/ticket-form"] {
        eve.client.get(&b.path(path)).refused(403, "address_unproved");
    }
    let ticket = json!({"subject": "S", "details": "D", "urgency": "low", "location_id": b.downtown});
    eve.client.post(&b.path("/tickets"), ticket).refused(403, "address_unproved");
    assert_eq!(org_ids(&eve), [json!(a.id)], "nothing is told of what others gave the address");
    assert_eq!(b.owner.client.get(&of(&b, &eve, "")).expect(200)["account_status"], Value::Null);

    // The reader of the mailbox gets the account, and what was given to the address.
    forget_password(&email, OTHER);
    eve.client.get("/me").refused(401, "token_revoked");
    let vera = Person { client: Client::log_in(&email, OTHER), ..eve };
    assert_eq!(is_proved(&vera), true);
    vera.client.get(&b.path("/tickets")).expect(200);
    assert_eq!(b.owner.client.get(&of(&b, &vera, "")).expect(200)["account_status"], "active");
}

#[test]
fn r18_memberships_do_not_follow_to_another_address() {
    let (a, b, email) = (Org::new(), Org::new(), new_email());
    let eve = member_by_staff_link(&a, &email);
    add(&b, &email, "owner");
    let own = new_email();
    let change = json!({"current_password": PASSWORD, "email": own});
    eve.client.post("/me/change-address", change).expect(202);
    let token = server().mailbox().wait_for(&own, "Confirm your new").token();
    eve.client.post("/address-changes/confirm", json!({"token": token})).expect(204);
    assert_eq!(is_proved(&eve), true);
    eve.client.get(&b.path("/members")).refused(403, "address_unproved");
    assert_eq!(org_ids(&eve), [json!(a.id)]);
    // Nor does any mail of the organization follow, nor its questions and access records.
    b.suspend(&eve);
    b.reactivate(&eve);
    b.add_member(&["owner"], &[], None);
    server().mailbox().wait_for(&b.owner.email, "somebody new can approve critical changes");
    for words in ["suspended", "Lakeside"] {
        assert!(server().mailbox().about(&own, words).is_empty(), "{words}");
    }
    assert_eq!(eve.client.get("/me/approvals").expect(200)["data"], json!([]));
    let accesses = eve.client.get("/me/accesses").expect(200);
    let orgs: Vec<&Value> = accesses["data"].as_array().unwrap().iter().map(|seen| &seen["org_id"]).collect();
    assert!(!orgs.contains(&&json!(b.id)), "{accesses}");
}

#[test]
fn r18_s003_16_the_first_owner_of_an_organization_has_to_prove_the_address() {
    let (a, email) = (Org::new(), new_email());
    let eve = member_by_staff_link(&a, &email);
    let first = json!({"email": email, "name": "Vera Victim"});
    let body = json!({"name": "Taken", "slug": unique("taken"), "first_admin": first});
    let made = platform_owner().client.post("/orgs", body).expect(201);
    let path = format!("/orgs/{}", text(&made, "id"));
    eve.client.get(&path).refused(403, "address_unproved");
    platform_owner().client.post(&format!("/users/{}/setup-links", eve.id), why()).refused(409, "conflict");
    prove(&eve);
    eve.client.get(&path).expect(200);
}

#[test]
fn r18_a_link_proves_the_address_only_in_a_session_of_its_account() {
    let (org, email) = (Org::new(), new_email());
    let person = member_by_staff_link(&org, &email);
    assert_eq!(is_proved(&person), false);
    let token = asked(&person, &email);
    person.client.post_empty("/me/address-proofs").refused(429, "too_many_attempts");
    complete(&Client::anonymous(), &token).refused(401, "unauthenticated");
    complete(&org.rbt.client, &token).refused(410, "gone");
    complete(&person.client, "unknown").refused(410, "gone");
    assert_eq!(is_proved(&person), false, "a stranger who opens the link proves nothing");
    complete(&person.client, &token).expect(204);
    complete(&person.client, &token).refused(410, "gone");
    assert_eq!(is_proved(&person), true);
    person.client.post_empty("/me/address-proofs").refused(409, "conflict");
}

#[test]
fn r18_a_new_address_is_confirmed_by_the_account_that_asked_for_it() {
    let (org, stranger) = (Org::new(), new_email());
    let change = json!({"current_password": PASSWORD, "email": stranger});
    org.rbt.client.post("/me/change-address", change).expect(202);
    let token = server().mailbox().wait_for(&stranger, "Confirm your new").token();
    let confirm = |by: &Client| by.post("/address-changes/confirm", json!({"token": token}));
    confirm(&Client::anonymous()).refused(401, "unauthenticated");
    confirm(&org.rbt2.client).refused(410, "gone");
    assert_eq!(org.rbt.client.get("/me").expect(200)["email"], json!(org.rbt.email));
    confirm(&org.rbt.client).expect(204);
}

#[test]
fn r18_a_membership_elsewhere_requires_a_proved_address() {
    let (home, open) = (Org::new(), Org::new());
    let takes_all = json!({"joining_mode": "open", "ticket_openers": "anyone"});
    open.owner.client.patch(&open.path(""), takes_all).expect(200);
    let person = member_by_staff_link(&home, &new_email());
    let to_join = json!({"org_slug": open.slug});
    let ask = |path: &str| person.client.post(path, to_join.clone());
    let role = format!("/users/{}/platform-roles/platform_manager", person.id);
    let grant = || platform_owner().client.put(&role, why());
    let invited = json!({"email": person.email, "roles": ["rbt"]});
    let invitation = open.owner.client.post(&open.path("/invitations"), invited).expect(201);
    let url = open.path(&format!("/invitations/{}/url", text(&invitation, "id")));
    let code = json!({"code": open.owner.client.get(&url).expect(200)["code"]});
    let accept = || person.client.post("/invitation-codes/accept", code.clone());

    ask("/me/guest-memberships").refused(403, "address_unproved");
    ask("/me/membership-requests").refused(403, "address_unproved");
    grant().refused(403, "address_unproved");
    accept().refused(403, "address_unproved");
    prove(&person);
    accept().expect(200);
    grant().expect(202);
    let other = member_by_staff_link(&home, &new_email());
    prove(&other);
    other.client.post("/me/guest-memberships", to_join.clone()).expect(201);
    other.client.post("/me/membership-requests", to_join.clone()).expect(201);
}

#[test]
fn r18_a_proof_ends_when_others_may_have_entered() {
    let org = Org::new();
    let shown = |person: &Person| {
        org.owner.client.get(&of(&org, person, "")).expect(200)["is_address_proved"].clone()
    };
    for person in [&org.rbt, &org.rbt2, &org.bcba] {
        assert_eq!(shown(person), true);
    }
    org.owner.client.post(&of(&org, &org.rbt, "/set-temporary-password"), why()).expect(200);
    assert_eq!(shown(&org.rbt), false);
    forget_password(&org.rbt.email, OTHER);
    assert_eq!(shown(&org.rbt), true);

    Device::of(&org.rbt2);
    org.owner.client.post(&of(&org, &org.rbt2, "/reset-two-factor"), why()).expect(204);
    assert_eq!(shown(&org.rbt2), false);

    let pending = add(&org, &new_email(), "rbt");
    let path = org.path(&format!("/members/{}", text(&pending, "user_id")));
    let confirmed = org.owner.client.post(&format!("{path}/confirm"), why()).expect(200);
    assert_eq!(
        (&confirmed["account_status"], &confirmed["is_address_proved"]),
        (&json!("active"), &json!(false))
    );
}

#[test]
fn r18_platform_staff_vouch_for_an_address_but_not_for_that_of_an_approver() {
    let (org, manager) = (Org::new(), holder_of("platform_manager"));
    let person = member_by_staff_link(&org, &new_email());
    let confirm = |id: &str| manager.client.post(&format!("/users/{id}/confirm"), why());
    confirm(&person.id).expect(200);
    assert_eq!(is_proved(&person), true);
    confirm(&person.id).refused(409, "invalid_transition");

    let waiting = add(&org, &new_email(), "owner");
    let id = text(&waiting, "user_id");
    confirm(&id).expect(200);
    let seen = org.owner.client.get(&org.path(&format!("/members/{id}"))).expect(200);
    assert_eq!((&seen["account_status"], &seen["is_address_proved"]), (&json!("active"), &json!(false)));
    confirm(&id).refused(409, "invalid_transition");
}

#[test]
fn r18_only_the_home_organization_and_the_person_see_whether_the_address_is_proved() {
    let (home, other) = (Org::new(), Org::new());
    add(&other, &home.rbt.email, "rbt");
    home.rbt.client.get(&other.path("/ticket-form")).expect(200);
    assert_eq!(home.owner.client.get(&of(&home, &home.rbt, "")).expect(200)["is_address_proved"], true);
    assert_eq!(
        other.owner.client.get(&of(&other, &home.rbt, "")).expect(200)["is_address_proved"],
        Value::Null
    );
    let listed = walk(&other.owner.client, &other.path("/members"));
    let row = listed.iter().find(|member| member["user_id"] == json!(home.rbt.id)).unwrap();
    assert_eq!(row["is_address_proved"], Value::Null);
    let seen = platform_owner().client.get(&format!("/users/{}", home.rbt.id)).expect(200);
    assert!(seen.get("is_address_proved").is_none(), "{seen}");
}

/// What a new member sees before they claim the membership, without what the organization entered.
fn looks(org: &Org, email: &str) -> Value {
    let mut added = add(org, email, "rbt");
    let (tag, path) = (added["user_id"].clone(), org.path(&format!("/members/{}", text(&added, "user_id"))));
    let help = |rest: &str| {
        let reply = org.owner.client.post(&format!("{path}{rest}"), why());
        json!([reply.status, reply.code()])
    };
    let operations = ["/set-temporary-password", "/setup-links", "/confirm", "/unlock"].map(help);
    let look = org.owner.client.get(&format!("{path}/login-diagnosis"));
    added
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !["user_id", "email", "created_at", "updated_at"].contains(&name.as_str()));
    assert!(tag.is_string());
    json!([added, operations, look.status, look.code()])
}

#[test]
fn r15_r18_an_added_address_looks_the_same_whether_proved_unproved_or_new() {
    let (home, other) = (Org::new(), Org::new());
    let unproved = member_by_staff_link(&home, &new_email());
    let waiting = add(&home, &new_email(), "rbt");
    let proved = looks(&other, &home.rbt.email);
    assert_eq!(looks(&other, &unproved.email), proved);
    assert_eq!(looks(&other, &text(&waiting, "email")), proved);
}

#[test]
fn r18_a_transfer_blocks_those_who_entered_without_a_proof() {
    let (a, b, email) = (Org::new(), Org::new(), new_email());
    let eve = member_by_staff_link(&a, &email);
    let other = add(&a, &new_email(), "rbt");
    let token = a.handed_over(&other);
    for id in [&eve.id, &text(&other, "user_id")] {
        let to = json!({"from_org_id": a.id, "to_org_id": b.id, "roles": ["rbt"], "reason": "Moved."});
        platform_owner().client.post(&format!("/users/{id}/transfer"), to).expect(200);
    }
    let log_in = json!({"email": email, "password": PASSWORD});
    Client::anonymous().post("/sessions", log_in).refused(401, "invalid_credentials");
    let setup = json!({"token": token, "name": "Eve", "password": PASSWORD});
    Client::anonymous().post("/account-setups", setup).refused(410, "gone");
    let token = server().mailbox().wait_for(&email, "Reset your password").token();
    let body = json!({"token": token, "password": OTHER});
    Client::anonymous().post("/password-resets/complete", body).expect(204);
    Client::log_in(&email, OTHER).get(&b.path("/ticket-form")).expect(200);
    let mailed = text(&other, "email");
    server().mailbox().wait_for(&mailed, "Your roles");
    let token = server().mailbox().wait_for(&mailed, NEW_ACCOUNT).token();
    Person::set_up(&Client::anonymous(), &token, "Vera Victim")
        .client
        .get(&b.path("/ticket-form"))
        .expect(200);
    // A proved account does not change its password.
    let to = json!({"from_org_id": a.id, "to_org_id": b.id, "roles": ["rbt"], "reason": "Moved."});
    platform_owner().client.post(&format!("/users/{}/transfer", a.rbt.id), to).expect(200);
    Client::log_in(&a.rbt.email, PASSWORD);
}

#[test]
fn r18_the_mailed_link_takes_an_account_back_from_the_holder_of_a_handed_over_one() {
    let (org, email) = (Org::new(), new_email());
    let eve = member_by_staff_link(&org, &email);
    Device::of(&eve);
    let token = server().mailbox().wait_for(&email, NEW_ACCOUNT).token();
    let vera = Person::set_up(&Client::anonymous(), &token, "Vera Victim");
    assert_eq!(vera.id, eve.id);
    eve.client.get("/me").refused(401, "token_revoked");
    assert_eq!(vera.client.get("/me").expect(200)["name"], "Vera Victim");
    assert_eq!(vera.client.get("/me/two-factor").expect(200)["is_enabled"], false, "it was the stranger's");
    assert_eq!(is_proved(&vera), true);
}

#[test]
fn r18_a_second_factor_remains_if_the_address_was_proved_before() {
    let org = Org::new();
    Device::of(&org.rbt);
    org.owner.client.post(&of(&org, &org.rbt, "/set-temporary-password"), why()).expect(200);
    forget_password(&org.rbt.email, OTHER);
    let log_in = json!({"email": org.rbt.email, "password": OTHER});
    Client::anonymous().post("/sessions", log_in).refused(401, "two_factor_required");
}

#[test]
fn r18_the_home_organization_hands_over_a_link_until_the_account_is_set_up() {
    let (org, other, email) = (Org::new(), Org::new(), new_email());
    let made = add(&org, &email, "rbt");
    let links = org.path(&format!("/members/{}/setup-links", text(&made, "user_id")));
    org.owner.client.post(&links, json!({})).refused(422, "validation_failed");
    org.manager.client.post(&links, why()).expect(200);
    let first = org.owner.client.post(&links, why()).expect(200);
    assert!(text(&first, "url").ends_with(&format!("/pages/account-setup#token={}", text(&first, "token"))));
    let second = org.owner.client.post(&links, why()).expect(200);
    let set_up = |token: &Value, name: &str| {
        let body = json!({"token": token, "name": name, "password": PASSWORD});
        Client::anonymous().post("/account-setups", body)
    };
    set_up(&first["token"], "Vera").refused(410, "gone");
    add(&other, &email, "rbt");
    let elsewhere = other.path(&format!("/members/{}/setup-links", text(&made, "user_id")));
    other.owner.client.post(&elsewhere, why()).refused(403, "membership_unclaimed");
    org.rbt.client.post(&links, why()).refused(403, "forbidden");
    set_up(&second["token"], "Vera").expect(201);
    org.owner.client.post(&links, why()).refused(409, "invalid_transition");
    let path = org.path(&format!("/members/{}/activity?purpose=Check", text(&made, "user_id")));
    let kinds = column(&org.owner.client.get(&path).expect(200), "kind");
    assert_eq!(kinds.iter().filter(|kind| *kind == "setup_link_fetched").count(), 3, "{kinds:?}");
}

#[test]
fn r18_the_platform_hands_a_link_over_to_the_first_owner_until_one_has_arrived() {
    let slug = unique("meadow");
    let email = format!("ada@{slug}.example");
    let first = json!({"email": email, "name": "Ada Grove"});
    let body = json!({"name": "Meadow", "slug": slug, "first_admin": first});
    let made = platform_owner().client.post("/orgs", body).expect(201);
    let id = text(&made["admins"][0], "user_id");
    let links = format!("/users/{id}/setup-links");
    let link = platform_owner().client.post(&links, why()).expect(200);
    let ada = Person::set_up(&Client::anonymous(), &text(&link, "token"), "Ada Grove");
    ada.client.get(&format!("/orgs/{}/members", text(&made, "id"))).expect(200);
    platform_owner().client.post(&links, why()).refused(409, "invalid_transition");
    let body = json!({"email": new_email(), "name": "Second", "roles": ["owner"]});
    let second = ada.client.post(&format!("/orgs/{}/members", text(&made, "id")), body).expect(201);
    let links = format!("/users/{}/setup-links", text(&second, "user_id"));
    platform_owner().client.post(&links, why()).refused(409, "conflict");
}

#[test]
fn w06_r18_repeating_an_addition_with_the_key_makes_and_mails_one() {
    let (org, email, slug) = (Org::new(), new_email(), unique("again"));
    let member = json!({"email": email, "name": "Vera Victim", "roles": ["rbt"]});
    let first = json!({"email": format!("ada@{slug}.example"), "name": "Ada Grove"});
    let new_org = json!({"name": "Again", "slug": slug, "first_admin": first});
    for (by, path, body, address) in [
        (&org.owner.client, org.path("/members"), member, email.clone()),
        (&platform_owner().client, "/orgs".to_owned(), new_org, format!("ada@{slug}.example")),
    ] {
        let key = unique("key");
        let send = || by.send_json("POST", &path, &[("Idempotency-Key", &key)], &body);
        let (one, two) = (send(), send());
        assert_eq!((one.status, &one.bytes), (201, &two.bytes));
        assert_eq!(two.header("idempotency-replayed").as_deref(), Some("true"));
        server().mailbox().wait_for(&address, NEW_ACCOUNT);
        assert_eq!(server().mailbox().about(&address, NEW_ACCOUNT).len(), 1);
    }
}

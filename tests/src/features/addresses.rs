//! A new address for one's account (S000-8).

use serde_json::json;

use super::helpers::*;
use crate::harness::{Client, PASSWORD, Person, Reply, server, unique};

fn somebody() -> Person {
    shared().add_member(&["rbt"], &[], None)
}

fn ask(person: &Person, password: &str, email: &str) -> Reply {
    person.client.post("/me/change-address", json!({ "current_password": password, "email": email }))
}

fn confirm(by: &Person, token: &str) -> Reply {
    by.client.post("/address-changes/confirm", json!({ "token": token }))
}

fn link_to(email: &str) -> String {
    server().mailbox().wait_for(email, "Confirm your new").token()
}

#[test]
fn a_new_address_is_effective_once_confirmed_and_the_old_one_is_notified() {
    let person = somebody();
    let new = format!("{}@else.example", unique("moved"));
    let problem = ask(&person, "not-the-password-1", &new).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/current_password"]));
    ask(&person, PASSWORD, &new).expect(202);
    let token = link_to(&new);
    assert_eq!(person.client.get("/me").expect(200)["email"], person.email.as_str());
    confirm(&person, &token).expect(204);
    confirm(&person, &token).refused(410, "gone");
    assert_eq!(person.client.get("/me").expect(200)["email"], new.as_str());
    let told = server().mailbox().wait_for(&person.email, "e-mail address of your account has changed");
    assert!(!told.text.contains(&new) && !told.text.contains("#token="), "{}", told.text);
    let old = Client::anonymous().post("/sessions", json!({ "email": person.email, "password": PASSWORD }));
    old.refused(401, "invalid_credentials");
    Client::log_in(&new, PASSWORD);
}

#[test]
fn an_address_of_somebody_else_is_answered_alike_and_never_taken() {
    let (person, other) = (somebody(), somebody());
    let free = ask(&person, PASSWORD, &format!("{}@else.example", unique("moved")));
    let taken = ask(&person, PASSWORD, &other.email);
    assert_eq!(as_seen(&free), as_seen(&taken));
    server().mailbox().wait_for(&other.email, "already have an account");
    assert!(server().mailbox().about(&other.email, "Confirm your new").is_empty());
}

#[test]
fn of_two_who_confirm_the_same_address_one_gets_it() {
    let (first, second) = (somebody(), somebody());
    let new = format!("{}@else.example", unique("moved"));
    ask(&first, PASSWORD, &new).expect(202);
    let of_first = link_to(&new);
    ask(&second, PASSWORD, &new).expect(202);
    let mut tries = 0;
    while server().mailbox().about(&new, "Confirm your new").len() < 2 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        tries += 1;
        assert!(tries < 400, "no second link");
    }
    let of_second = link_to(&new);
    assert_ne!(of_first, of_second);
    confirm(&second, &of_second).expect(204);
    confirm(&first, &of_first).refused(410, "gone");
    assert_eq!(second.client.get("/me").expect(200)["email"], new.as_str());
    assert_eq!(first.client.get("/me").expect(200)["email"], first.email.as_str());
}

#[test]
fn a_reset_link_to_the_old_address_becomes_invalid_with_it() {
    let person = somebody();
    Client::anonymous().post("/password-resets", json!({ "email": person.email })).expect(202);
    let reset = server().mailbox().wait_for(&person.email, "Reset").token();
    let new = format!("{}@else.example", unique("moved"));
    ask(&person, PASSWORD, &new).expect(202);
    confirm(&person, &link_to(&new)).expect(204);
    let body = json!({ "token": reset, "password": "another-orchard-lantern-8" });
    Client::anonymous().post("/password-resets/complete", body).refused(410, "gone");
}

#[test]
fn a_mistyped_address_can_be_corrected_at_once_and_its_link_is_invalid() {
    let person = somebody();
    let (wrong, right) =
        (format!("{}@else.example", unique("wrong")), format!("{}@else.example", unique("right")));
    ask(&person, PASSWORD, &wrong).expect(202);
    let dead = link_to(&wrong);
    ask(&person, PASSWORD, &right).expect(202);
    let token = link_to(&right);
    confirm(&person, &dead).refused(410, "gone");
    confirm(&person, &token).expect(204);
}

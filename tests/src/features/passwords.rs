//! Password reset and change (S000-5, S003-3, S7 and the threats on tokens).

use serde_json::json;

use super::helpers::*;
use crate::harness::{Client, PASSWORD, Person, Reply, server, unique};

const OTHER: &str = "another-orchard-lantern-8";

fn forgotten(person: &Person) -> Reply {
    Client::anonymous().post("/password-resets", json!({ "email": person.email }))
}

fn reset(token: &str, password: &str) -> Reply {
    Client::anonymous().post("/password-resets/complete", json!({ "token": token, "password": password }))
}

fn log_in(email: &str, password: &str) -> Reply {
    Client::anonymous().post("/sessions", json!({ "email": email, "password": password }))
}

/// Somebody with an account.
fn somebody() -> Person {
    shared().add_member(&["rbt"], &[], None)
}

#[test]
fn s000_05_a_forgotten_password_is_replaced_by_the_link_in_the_mail() {
    let person = somebody();
    forgotten(&person).expect(202);
    let mail = server().mailbox().wait_for(&person.email, "Reset your password");
    assert!(mail.html.contains("class=\"button\""), "{}", mail.html);
    assert!(
        !reset(&mail.token(), "passwordpassword")
            .refused(422, "weak_password")
            .to_string()
            .contains("passwordp")
    );
    reset(&mail.token(), OTHER).expect(204);
    reset(&mail.token(), "third-orchard-lantern-9").refused(410, "gone");
    person.client.get("/me").refused(401, "token_revoked");
    log_in(&person.email, PASSWORD).refused(401, "invalid_credentials");
    log_in(&person.email, OTHER).expect(201);
    let news = server().mailbox().wait_for(&person.email, "password has been changed");
    assert!(!news.text.contains("#token=") && !news.text.contains(OTHER), "{}", news.text);
}

#[test]
fn s000_05_asking_again_at_once_sends_no_second_mail() {
    let person = somebody();
    for _ in 0..3 {
        forgotten(&person).expect(202);
    }
    let mail = server().mailbox().wait_for(&person.email, "Reset your password");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(server().mailbox().about(&person.email, "Reset").len(), 1);
    reset(&mail.token(), OTHER).expect(204);
}

#[test]
fn s000_05_a_reset_token_is_compared_exactly_and_valid_for_nothing_else() {
    let person = somebody();
    forgotten(&person).expect(202);
    let token = server().mailbox().wait_for(&person.email, "Reset your password").token();
    let never = as_seen(&reset("never-given-to-anybody", OTHER));
    let other_case = |c: char| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let wrong = [
        token.chars().map(other_case).collect::<String>(),
        token.to_uppercase(),
        token.to_lowercase(),
        format!("{token} "),
        format!(" {token}"),
        token[1..].to_owned(),
        token[..token.len() - 1].to_owned(),
        format!("{token}A"),
        format!("{token}="),
        "null".to_owned(),
    ];
    for wrong in wrong {
        let refused = reset(&wrong, OTHER);
        assert_eq!(as_seen(&refused), never, "{wrong:?}");
        refused.refused(410, "gone");
    }
    let swapped = json!({ "token": token, "name": "Eve", "password": OTHER });
    Client::anonymous().post("/account-setups", swapped).refused(410, "gone");
    Client::anonymous()
        .post("/registrations/confirm", json!({ "token": token, "password": OTHER }))
        .refused(410, "gone");
    reset("", OTHER).refused(422, "validation_failed");
    reset(&token, OTHER).expect(204);
}

#[test]
fn of_twenty_resets_with_one_token_one_succeeds() {
    let person = somebody();
    forgotten(&person).expect(202);
    let token = server().mailbox().wait_for(&person.email, "Reset your password").token();
    let password = |n: usize| format!("orchard-lantern-quiet-{n}-times");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let token = &token;
        let all: Vec<_> = (0..20).map(|n| scope.spawn(move || reset(token, &password(n)).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let winner = statuses.iter().position(|status| *status == 204).expect("one wins");
    assert!(statuses.iter().enumerate().all(|(n, status)| n == winner || *status == 410), "{statuses:?}");
    log_in(&person.email, &password(winner)).expect(201);
}

#[test]
fn changing_the_password_requires_the_current_one_and_ends_the_other_sessions() {
    let person = somebody();
    let elsewhere = Client::log_in(&person.email, PASSWORD);
    let change = |current: &str, new: &str| {
        person.client.post("/me/change-password", json!({ "current_password": current, "new_password": new }))
    };
    let problem = change("not-the-password-1", OTHER).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/current_password"]));
    let problem = change(PASSWORD, "passwordpassword").refused(422, "weak_password");
    assert_eq!(places(&problem), set_of(&["#/new_password"]));
    change(PASSWORD, PASSWORD).refused(422, "rule_violated");
    elsewhere.get("/me").expect(200);
    change(PASSWORD, OTHER).expect(204);
    person.client.get("/me").expect(200);
    elsewhere.get("/me").refused(401, "token_revoked");
    log_in(&person.email, PASSWORD).refused(401, "invalid_credentials");
    log_in(&person.email, OTHER).expect(201);
}

#[test]
fn guessing_the_current_password_is_throttled_as_log_ins_are() {
    let person = somebody();
    let guess = || {
        let body = json!({ "current_password": "not-the-password-1", "new_password": OTHER });
        person.client.post("/me/change-password", body)
    };
    let mut tries = 0;
    while guess().code() == "rule_violated" {
        tries += 1;
        assert!(tries < 40, "never throttled");
    }
    let refused = guess();
    assert!(refused.header("retry-after").is_some());
    refused.refused(429, "too_many_attempts");
}

#[test]
fn a_new_password_ends_what_the_old_one_had_begun() {
    for by_reset in [true, false] {
        let person = somebody();
        let stolen = Client::log_in(&person.email, PASSWORD);
        let theirs = format!("{}@thief.example", unique("eve"));
        stolen
            .post("/me/change-address", json!({ "current_password": PASSWORD, "email": theirs }))
            .expect(202);
        let token = server().mailbox().wait_for(&theirs, "Confirm your new").token();
        if by_reset {
            forgotten(&person).expect(202);
            let mail = server().mailbox().wait_for(&person.email, "Reset your password");
            reset(&mail.token(), OTHER).expect(204);
        } else {
            let body = json!({ "current_password": PASSWORD, "new_password": OTHER });
            person.client.post("/me/change-password", body).expect(204);
        }
        let confirm = |by: &Client| by.post("/address-changes/confirm", json!({ "token": token }));
        confirm(&stolen).refused(401, "token_revoked");
        confirm(&Client::log_in(&person.email, OTHER)).refused(410, "gone");
    }
}

#[test]
fn s003_03_s003_26_a_forgotten_password_is_reset_without_staff_by_a_mail_with_instructions() {
    let person = somebody();
    forgotten(&person).expect(202);
    let mail = server().mailbox().wait_for(&person.email, "Reset your password");
    for part in ["Hello ", "#token=", "change your password now", "If this was not you", "contact us"] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    reset(&mail.token(), OTHER).expect(204);
}

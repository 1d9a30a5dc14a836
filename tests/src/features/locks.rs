//! Too many failed log-ins (S000-11).

use std::time::Duration;

use serde_json::json;

use super::helpers::*;
use crate::harness::{Client, PASSWORD, server};

#[test]
fn s000_11_too_many_failures_lock_the_account_and_notify_its_owner_once() {
    let person = shared().add_member(&["rbt"], &[], None);
    let try_in = |password: &str| {
        Client::anonymous().post("/sessions", json!({ "email": person.email, "password": password }))
    };
    let mut tries = 0;
    while try_in("not-the-password-1").status == 401 {
        tries += 1;
        assert!(tries < 40, "never locked");
    }
    assert_eq!(tries, 20);
    let refused = try_in(PASSWORD);
    assert!(refused.header("retry-after").is_some(), "the right password has to wait as well");
    refused.refused(429, "too_many_attempts");
    let mail = server().mailbox().wait_for(&person.email, "temporarily locked");
    assert!(mail.text.contains("(UTC)") && mail.text.contains("/forgot-password"), "{}", mail.text);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(server().mailbox().about(&person.email, "locked").len(), 1);
    person.client.get("/me").expect(200);

    Client::anonymous().post("/password-resets", json!({ "email": person.email })).expect(202);
    let token = server().mailbox().wait_for(&person.email, "Reset").token();
    let body = json!({ "token": token, "password": "another-orchard-lantern-8" });
    Client::anonymous().post("/password-resets/complete", body).expect(204);
    try_in("another-orchard-lantern-8").expect(201);
}

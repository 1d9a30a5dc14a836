//! Set-up links that are used, guessed, or modified.

use serde_json::{Value, json};

use crate::harness::{Client, Org, PASSWORD, Person, Reply};

/// A new member who has not set up the account.
fn waiting(org: &Org, email: &str) -> Value {
    let body = json!({ "email": email, "name": "Wanda Waiting", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/members"), body).expect(201)
}

fn redeem(token: &str, password: &str) -> Reply {
    let body = json!({ "token": token, "name": "Eve", "password": password });
    Client::anonymous().post("/account-setups", body)
}

#[test]
fn a_token_is_compared_exactly_and_works_once() {
    let org = Org::new();
    let email = format!("exact@{}.example", org.slug);
    let member = waiting(&org, &email);
    let token = org.handed_over(&member);
    let token = token.as_str();
    assert!(token.len() >= 43, "fewer than 256 bits: {}", token.len());
    let swapped: String = token
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let bent = [
        format!("{token} "),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{token}="),
        swapped,
        token[1..].to_owned(),
        token[..token.len() - 1].to_owned(),
        "null".to_owned(),
        "0".to_owned(),
        "%".to_owned(),
        "' OR 1=1 --".to_owned(),
    ];
    let unknown = redeem("nothing", PASSWORD).refused(410, "gone");
    for bent in bent {
        let refused = redeem(&bent, PASSWORD).refused(410, "gone");
        assert_eq!(refused["detail"], unknown["detail"], "{bent:?}");
    }
    for empty in ["", " ", "\t"] {
        redeem(empty, PASSWORD).refused(422, "validation_failed");
    }
    for wrong in [json!(null), json!(0), json!([token]), json!({ "token": token })] {
        let body = json!({ "token": wrong, "name": "Eve", "password": PASSWORD });
        Client::anonymous().post("/account-setups", body).refused(422, "validation_failed");
    }
    // Neither a weak password nor a stranger's address uses it up.
    redeem(token, "password1234").refused(422, "weak_password");
    redeem(token, &format!("{}-{}", "exact", org.slug)).refused(422, "weak_password");
    let taken = json!({ "token": token, "name": "Eve", "password": PASSWORD, "email": "eve@evil.example" });
    Client::anonymous().post("/account-setups", taken).refused(422, "rule_violated");
    let person = Person::set_up(&Client::anonymous(), token, "Wanda Waiting");
    assert_eq!(person.email, email);
    let used = redeem(token, "another-quiet-lantern-9").refused(410, "gone");
    assert_eq!(used["detail"], unknown["detail"], "a used token is told from an unknown one");
    Client::log_in(&email, PASSWORD).get("/me").expect(200);
}

#[test]
fn nobody_can_log_in_before_the_set_up() {
    let org = Org::new();
    let email = format!("before@{}.example", org.slug);
    let member = waiting(&org, &email);
    let token = org.handed_over(&member);
    for password in [PASSWORD, "null", "undefined", &token] {
        let body = json!({ "email": email, "password": password });
        Client::anonymous().post("/sessions", body).refused(401, "invalid_credentials");
    }
    // A member who is removed before the set-up has an account afterwards, but no membership.
    org.owner
        .client
        .delete(&org.path(&format!("/members/{}", member["user_id"].as_str().unwrap())))
        .expect(204);
    redeem(&token, PASSWORD);
    let log_in = Client::anonymous().post("/sessions", json!({ "email": email, "password": PASSWORD }));
    if log_in.status == 201 {
        let client = Client::with_token(log_in.body["access_token"].as_str().unwrap());
        client.get(&org.path("/tickets")).refused(404, "not_found");
        assert_eq!(client.get("/me").expect(200)["memberships"], json!([]));
    } else {
        log_in.refused(401, "invalid_credentials");
    }
}

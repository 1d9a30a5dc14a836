//! Sessions: S1 to S3 of the contract.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Client, Org, PASSWORD, Person, Reply};

fn log_in(person: &Person) -> Value {
    Client::anonymous().post("/sessions", json!({"email": person.email, "password": PASSWORD})).expect(201)
}

fn refresh(token: &str) -> Reply {
    Client::anonymous().post("/sessions/refresh", json!({"refresh_token": token}))
}

fn client(tokens: &Value) -> Client {
    Client::with_token(&text(tokens, "access_token"))
}

fn sessions(client: &Client) -> Vec<Value> {
    walk(client, "/me/sessions")
}

#[test]
fn a_log_in_gives_a_pair_of_tokens() {
    let org = shared();
    let reply = Client::anonymous().post("/sessions", json!({"email": org.rbt.email, "password": PASSWORD}));
    let place = reply.header("location").unwrap();
    assert!(reply.header("etag").is_none());
    let tokens = reply.expect(201);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert!(text(&tokens, "refresh_token").len() >= 43, "256 bits");
    let current = sessions(&client(&tokens)).into_iter().find(|s| s["is_current"] == true).unwrap();
    assert_eq!(place, format!("/api/v1/me/sessions/{}", text(&current, "id")));
}

#[test]
fn s3_a_refresh_token_is_used_once_and_gives_the_next() {
    let org = shared();
    let first = log_in(&org.rbt);
    let second = refresh(&text(&first, "refresh_token")).expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_ne!(first["access_token"], second["access_token"]);
    client(&first).get("/me").expect(200);
    client(&second).get("/me").expect(200);
    let third = refresh(&text(&second, "refresh_token")).expect(200);
    assert_eq!(
        sessions(&client(&third)).iter().filter(|s| s["is_current"] == true).count(),
        1,
        "it stays one session"
    );
}

#[test]
fn s3_use_of_a_spent_token_ends_the_session() {
    let org = shared();
    let (first, bystander) = (log_in(&org.rbt), log_in(&org.rbt));
    let second = refresh(&text(&first, "refresh_token")).expect(200);
    refresh(&text(&first, "refresh_token")).refused(401, "token_revoked");
    refresh(&text(&second, "refresh_token")).refused(401, "token_revoked");
    for tokens in [&first, &second] {
        client(tokens).get("/me").refused(401, "token_revoked");
    }
    client(&bystander).get("/me").expect(200);
    refresh(&text(&bystander, "refresh_token")).expect(200);
}

#[test]
fn s3_an_unknown_refresh_token_is_refused_alike() {
    let org = shared();
    let tokens = log_in(&org.rbt);
    refresh(&text(&tokens, "refresh_token")).expect(200);
    let spent = refresh(&text(&tokens, "refresh_token"));
    for unknown in [
        "nothing".to_owned(),
        text(&tokens, "access_token")[..100].to_owned(),
        format!("{} ", text(&tokens, "refresh_token")),
    ] {
        assert_eq!(as_seen(&refresh(&unknown)), as_seen(&spent));
    }
    for body in [json!({}), json!({"refresh_token": null}), json!({"refresh_token": ""})] {
        let problem = Client::anonymous().post("/sessions/refresh", body).refused(422, "validation_failed");
        assert_eq!(places(&problem), set_of(&["#/refresh_token"]));
    }
}

#[test]
fn s2_log_out_is_effective_at_once() {
    let org = shared();
    let (tokens, other) = (log_in(&org.rbt), log_in(&org.rbt));
    client(&tokens).delete("/sessions/current").expect(204);
    let reply = client(&tokens).get("/me");
    assert!(reply.header("www-authenticate").unwrap().contains("invalid_token"));
    reply.refused(401, "token_revoked");
    client(&tokens).get(&org.path("/tickets")).refused(401, "token_revoked");
    client(&tokens).delete("/sessions/current").refused(401, "token_revoked");
    refresh(&text(&tokens, "refresh_token")).refused(401, "token_revoked");
    client(&other).get("/me").expect(200);
}

#[test]
fn s2_a_session_is_ended_from_another_one() {
    let org = Org::new();
    let (mine, lost) = (log_in(&org.rbt), log_in(&org.rbt));
    let list = sessions(&client(&lost));
    let id = text(list.iter().find(|s| s["is_current"] == true).unwrap(), "id");
    let path = format!("/me/sessions/{id}");
    for other in [&org.rbt2, &org.owner] {
        let seen = as_seen(&other.client.delete(&path));
        assert_eq!(seen, as_seen(&other.client.delete(&format!("/me/sessions/{}", nobody()))));
        other.client.delete(&path).refused(404, "not_found");
    }
    client(&lost).get("/me").expect(200);
    client(&mine).delete(&path).expect(204);
    client(&mine).delete(&path).refused(404, "not_found");
    client(&lost).get("/me").refused(401, "token_revoked");
    refresh(&text(&lost, "refresh_token")).refused(401, "token_revoked");
    assert!(sessions(&client(&mine)).iter().all(|s| text(s, "id") != id));
}

#[test]
fn s1_only_missing_and_invalid_credentials_are_distinguished() {
    let org = shared();
    let none = Client::anonymous().get("/me");
    assert!(!none.header("www-authenticate").unwrap().contains("error="), "no error where nothing was sent");
    none.refused(401, "unauthenticated");
    let tokens = log_in(&org.rbt);
    let good = text(&tokens, "access_token");
    let mut parts: Vec<&str> = good.split('.').collect();
    let flipped: String = parts[2].chars().rev().collect();
    parts[2] = &flipped;
    let forged = parts.join(".");
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    let of_nobody = as_seen(&Client::with_token("abc").get("/me"));
    for bad in [forged, unsigned, format!("{good}x"), text(&tokens, "refresh_token"), good[1..].to_owned()] {
        let reply = Client::with_token(&bad).get("/me");
        assert_eq!(as_seen(&reply), of_nobody);
        assert!(reply.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
        reply.refused(401, "unauthenticated");
    }
    for header in ["Basic dXNlcjpwYXNz".to_owned(), "Bearer".to_owned(), good.clone()] {
        Client::anonymous()
            .send("GET", "/me", &[("Authorization", &header)], None)
            .refused(401, "unauthenticated");
    }
    let once = format!("bearer {good}");
    Client::anonymous().send("GET", "/me", &[("Authorization", &once)], None).expect(200);
    let twice = [("Authorization", once.as_str()), ("Authorization", &once)];
    Client::anonymous().send("GET", "/me", &twice, None).refused(401, "unauthenticated");
}

#[test]
fn sessions_are_the_callers_own_and_show_no_secret() {
    let org = Org::new();
    let tokens = log_in(&org.rbt);
    let list = client(&tokens).get("/me/sessions");
    let body = String::from_utf8_lossy(&list.bytes).into_owned();
    assert!(
        !body.contains(&text(&tokens, "refresh_token")) && !body.contains(&text(&tokens, "access_token"))
    );
    assert_eq!(sessions(&client(&tokens)).len(), 2, "that of the world, and this one");
    assert_eq!(sessions(&org.rbt2.client).len(), 1);
}

//! Access and refresh tokens that are expired, forged, or of the wrong kind.

use serde_json::{Value, json};

use super::forge::Forge;
use crate::harness::{Client, Org, OwnServer, PASSWORD, Person, Reply};

/// A server whose key can be read, an account on it, and the tokens of a log-in.
fn forged() -> (OwnServer, Person, Forge, Value) {
    let own = OwnServer::start(&[]);
    let person = own.platform_owner().clone();
    let tokens =
        own.client().post("/sessions", json!({ "email": person.email, "password": PASSWORD })).expect(201);
    let forge = Forge::of(&own, tokens["access_token"].as_str().unwrap());
    (own, person, forge, tokens)
}

fn me(own: &OwnServer, token: &str) -> Reply {
    Client { base: own.base.clone(), token: Some(token.to_owned()) }.get("/me")
}

#[track_caller]
fn refused(own: &OwnServer, token: &str, code: &str, what: &str) {
    let reply = me(own, token);
    assert!(reply.status == 401 && reply.code() == code, "{what}: {reply}");
    let challenge = reply.header("WWW-Authenticate").unwrap_or_default();
    assert!(
        challenge.starts_with("Bearer realm=") && challenge.contains("error=\"invalid_token\""),
        "{what}: {challenge}"
    );
}

#[test]
fn a_token_is_valid_only_with_the_one_algorithm_and_the_right_key() {
    let (own, _, forge, _) = forged();
    me(&own, &forge.with(json!({}), json!({}))).expect(200);
    let unsigned = forge.by("none", "none");
    let real = forge.with(json!({}), json!({}));
    let (signed, signature) = real.rsplit_once('.').unwrap();
    let none_with_signature = forge.with(json!({ "alg": "none" }), json!({}));
    let forgeries = [
        ("alg none", unsigned.clone()),
        ("alg None", forge.by("None", "none")),
        ("alg none, and a signature", none_with_signature),
        ("no signature", format!("{signed}.")),
        ("no signature and no dot", signed.to_owned()),
        ("half a signature", format!("{signed}.{}", &signature[..20])),
        ("HS384", forge.by("HS384", "HS384")),
        ("HS512", forge.by("HS512", "HS512")),
        ("HS384 named, HS256 used", forge.by("HS384", "HS256")),
        ("HS256 named, HS384 used", forge.by("HS256", "HS384")),
        ("RS256 with our secret", forge.by("RS256", "HS256")),
        ("ES256 with our secret", forge.by("ES256", "HS256")),
        ("EdDSA with our secret", forge.by("EdDSA", "HS256")),
        ("lower case", forge.by("hs256", "HS256")),
        ("no alg", forge.with(json!({ "alg": null }), json!({}))),
        ("an empty key", forge.under(b"")),
        ("a guessed key", forge.under(b"secret")),
        ("another key", forge.under(&[7; 32])),
    ];
    for (what, token) in forgeries {
        refused(&own, &token, "unauthenticated", what);
    }
}

#[test]
fn a_header_can_not_choose_the_key() {
    let (own, _, forge, _) = forged();
    let headers = [
        json!({ "typ": "JWT" }),
        json!({ "typ": null }),
        json!({ "typ": "rt+jwt" }),
        json!({ "kid": "AAAAAAAA" }),
        json!({ "kid": "../../../../dev/null" }),
        json!({ "kid": "' OR 1=1 --" }),
        json!({ "kid": "" }),
        json!({ "kid": null }),
        json!({ "kid": 7 }),
        json!({ "jku": "https://evil.example/keys" }),
        json!({ "x5u": "https://evil.example/cert" }),
        json!({ "jwk": { "kty": "oct", "k": "c2VjcmV0" } }),
        json!({ "x5c": ["AAAA"] }),
        json!({ "crit": ["exp"] }),
    ];
    for header in headers {
        refused(&own, &forge.with(header.clone(), json!({})), "unauthenticated", &header.to_string());
    }
}

#[test]
fn a_token_needs_all_its_claims_and_none_may_be_wrong() {
    let (own, _, forge, _) = forged();
    let now = forge.now();
    let nobody = "0198c1f2-b7a0-7c3f-8d5e-000000000000";
    let mut claims = vec![
        json!({ "iss": "somebody" }),
        json!({ "iss": "Steward" }),
        json!({ "iss": "" }),
        json!({ "aud": "another-api" }),
        json!({ "aud": "" }),
        json!({ "aud": [] }),
        json!({ "exp": (now + 900).to_string() }),
        json!({ "exp": true }),
        json!({ "exp": {} }),
        json!({ "sub": "admin" }),
        json!({ "sub": 1 }),
        json!({ "sid": "x" }),
    ];
    claims.extend(["iss", "aud", "sub", "sid", "exp"].map(|name| json!({ name: null })));
    for claim in claims {
        refused(&own, &forge.with(json!({}), claim.clone()), "unauthenticated", &claim.to_string());
    }
    // Well formed, but without a session.
    refused(&own, &forge.with(json!({}), json!({ "sid": nobody })), "token_revoked", "an unknown session");
    refused(
        &own,
        &forge.with(json!({}), json!({ "sub": nobody })),
        "token_revoked",
        "a session of somebody else",
    );
}

#[test]
fn an_expired_token_is_reported_as_expired() {
    let (own, _, forge, _) = forged();
    let now = forge.now();
    for exp in [now - 70, now - 3_600, 1, 0, -1] {
        let reply = me(&own, &forge.with(json!({}), json!({ "exp": exp })));
        let codes = if exp > 0 { &["token_expired"][..] } else { &["token_expired", "unauthenticated"] };
        assert!(reply.status == 401 && codes.contains(&reply.code()), "{exp}: {reply}");
    }
    refused(&own, &forge.with(json!({}), json!({ "exp": now - 70 })), "token_expired", "expired");
    // An expired token with a wrong signature is not reported as expired.
    let mut stale = forge.with(json!({}), json!({ "exp": now - 70 }));
    stale.truncate(stale.len() - 4);
    refused(&own, &stale, "unauthenticated", "expired and forged");
}

#[test]
fn a_modified_token_is_invalid() {
    let (own, _, forge, _) = forged();
    let real = forge.with(json!({}), json!({}));
    let parts: Vec<&str> = real.split('.').collect();
    let other = forge.with(json!({}), json!({ "exp": forge.now() + 999_999 }));
    let other: Vec<&str> = other.split('.').collect();
    let changed = [
        format!("{}.{}.{}", parts[0], other[1], parts[2]),
        format!("{}.{}.{}", parts[1], parts[0], parts[2]),
        format!("{real}.{}", parts[2]),
        format!("{real}="),
        format!("{}..{}", parts[0], parts[2]),
        "..".to_owned(),
        "a.b.c".to_owned(),
        "a".repeat(5_000),
        "null".to_owned(),
        format!("{real}{real}"),
    ];
    for token in changed {
        refused(&own, &token, "unauthenticated", &token.chars().take(60).collect::<String>());
    }
}

#[test]
fn each_token_is_valid_only_for_its_purpose() {
    let (own, person, forge, tokens) = forged();
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    refused(&own, refresh, "unauthenticated", "a refresh token as access token");
    let exchange = |token: &str| own.client().post("/sessions/refresh", json!({ "refresh_token": token }));
    exchange(access).refused(401, "token_revoked");
    for wrong in
        [&format!("{refresh} "), &format!(" {refresh}"), &refresh.to_uppercase(), &refresh[1..], "null"]
    {
        exchange(wrong).refused(401, "token_revoked");
    }
    let set_up = |token: &str| {
        own.client().post(
            "/account-setups",
            json!({ "token": token, "name": "Eve", "password": "another-quiet-password-9" }),
        )
    };
    for wrong in [refresh, own.setup_token().unwrap()] {
        set_up(wrong).refused(410, "gone");
    }
    set_up(access).refused(422, "validation_failed");
    // None of this affects the session or the password.
    me(&own, access).expect(200);
    let next = exchange(refresh).expect(200);
    assert_ne!(next["refresh_token"], tokens["refresh_token"]);
    assert_eq!(own.client().logged_in(&person.email, PASSWORD).get("/me").expect(200)["id"], person.id);
    assert!(forge.claims["sub"] == person.id.as_str());
}

#[test]
fn a_refresh_token_works_once_and_its_second_use_ends_the_session() {
    let (own, _, _, tokens) = forged();
    let exchange = |token: &Value| own.client().post("/sessions/refresh", json!({ "refresh_token": token }));
    let next = exchange(&tokens["refresh_token"]).expect(200);
    me(&own, next["access_token"].as_str().unwrap()).expect(200);
    exchange(&tokens["refresh_token"]).refused(401, "token_revoked");
    refused(&own, next["access_token"].as_str().unwrap(), "token_revoked", "after the reuse");
    refused(&own, tokens["access_token"].as_str().unwrap(), "token_revoked", "after the reuse");
    exchange(&next["refresh_token"]).refused(401, "token_revoked");
}

#[test]
fn after_log_out_no_token_of_the_session_is_valid() {
    let (own, _, _, tokens) = forged();
    let access = tokens["access_token"].as_str().unwrap();
    let client = Client { base: own.base.clone(), token: Some(access.to_owned()) };
    client.delete("/sessions/current").expect(204);
    refused(&own, access, "token_revoked", "after log-out");
    own.client()
        .post("/sessions/refresh", json!({ "refresh_token": tokens["refresh_token"] }))
        .refused(401, "token_revoked");
}

#[test]
fn credentials_of_another_kind_are_refused_with_a_challenge() {
    let org = Org::new();
    let none = Client::anonymous().get("/me");
    let challenge = none.header("WWW-Authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Bearer realm=") && !challenge.contains("error="), "{challenge}");
    none.refused(401, "unauthenticated");
    let token = org.rbt.client.token.clone().unwrap();
    for sent in [
        "Basic cm9iOnNlY3JldA==",
        "Bearer",
        "Bearer ",
        "Token x",
        "bearer\t",
        &token,
        &format!("Bearer{token}"),
    ] {
        let reply = Client::anonymous().send("GET", "/me", &[("Authorization", sent)], None);
        assert!(
            reply.header("WWW-Authenticate").is_some_and(|c| c.starts_with("Bearer realm=")),
            "{sent}: {reply}"
        );
        reply.refused(401, "unauthenticated");
    }
    Client::anonymous()
        .send("GET", "/me", &[("Authorization", &format!("bearer {token}"))], None)
        .expect(200);
    // A token is accepted in the header only.
    Client::anonymous().get(&format!("/me?access_token={token}")).refused(401, "unauthenticated");
    Client::anonymous()
        .send("GET", "/me", &[("Cookie", &format!("access_token={token}"))], None)
        .refused(401, "unauthenticated");
    let forbidden = org.rbt.client.patch(&org.path(""), json!({ "name": "Mine" }));
    let challenge = forbidden.header("WWW-Authenticate").unwrap_or_default();
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    forbidden.refused(403, "forbidden");
}

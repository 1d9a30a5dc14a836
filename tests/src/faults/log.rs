//! What the log must not contain.

use serde_json::json;

use crate::harness::{Org, OwnServer, PASSWORD, Person};

#[test]
fn no_secret_and_no_text_of_anybody_is_in_the_log() {
    let own = OwnServer::start(&["--log", "debug"]);
    let org = Org::on(own.platform_owner());
    let mut secrets: Vec<String> = vec![PASSWORD.to_owned()];
    let nobody = own.client();
    // Log-ins, successful and failed.
    let tokens =
        nobody.post("/sessions", json!({ "email": org.rbt.email, "password": PASSWORD })).expect(201);
    secrets.extend(["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned()));
    nobody
        .post("/sessions", json!({ "email": org.rbt.email, "password": "canary-wrong-password" }))
        .refused(401, "invalid_credentials");
    nobody
        .post("/sessions", json!({ "email": "canary-address", "password": "canary-other-password" }))
        .refused(401, "invalid_credentials");
    let next =
        nobody.post("/sessions/refresh", json!({ "refresh_token": tokens["refresh_token"] })).expect(200);
    secrets.extend(["access_token", "refresh_token"].map(|name| next[name].as_str().unwrap().to_owned()));
    nobody
        .post("/sessions/refresh", json!({ "refresh_token": tokens["refresh_token"] }))
        .refused(401, "token_revoked");
    nobody
        .send("GET", "/me", &[("Authorization", "Bearer canary.bearer.token")], None)
        .refused(401, "unauthenticated");
    // A set-up.
    let body = json!({ "email": "waiting@log.example", "name": "Canary Name", "roles": ["rbt"] });
    let member = org.owner.client.post(&org.path("/members"), body).expect(201);
    let token = org.handed_over(&member);
    secrets.push(token.clone());
    nobody
        .post("/account-setups", json!({ "token": token, "name": "Canary Name", "password": "canary" }))
        .refused(422, "weak_password");
    let person = Person::set_up(&nobody, &token, "Canary Name");
    secrets.push(person.client.token.clone().unwrap());
    // Texts, files, searches, and invalid values of them.
    let texts = json!({ "subject": "canary subject", "details": "canary details", "urgency": "low" });
    let ticket = org.ticket_with(&org.rbt, texts).expect(201);
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let note = json!({ "body": "canary note", "visibility": "internal" });
    org.owner.client.post(&format!("{path}/messages"), note).expect(201);
    org.rbt.client.upload(&org.id, "canary-name.txt", "text/plain", b"canary content").expect(201);
    org.rbt
        .client
        .upload(&org.id, "canary-name.exe", "text/html", b"<html>canary</html>")
        .refused(415, "unsupported_file_type");
    org.owner.client.get(&org.path("/tickets?q=canary&status=open")).expect(200);
    org.owner.client.get(&org.path("/tickets?canary=1")).refused(422, "validation_failed");
    org.owner.client.post(&org.path("/tickets"), json!({ "canary": 1 })).refused(422, "validation_failed");
    org.owner
        .client
        .send(
            "POST",
            &org.path("/tickets"),
            &[("Content-Type", "application/json")],
            Some(b"{\"canary".to_vec()),
        )
        .refused(400, "malformed_json");
    let resolution = json!({ "message": "canary answer", "resolution_summary": "canary summary" });
    org.owner.client.post(&format!("{path}/resolve"), resolution).expect(200);
    org.owner
        .client
        .send_json(
            "POST",
            &org.path("/categories"),
            &[("Idempotency-Key", "canary-key")],
            &json!({ "key": "c", "name": "C" }),
        )
        .expect(201);

    let log = own.log();
    assert!(log.contains("http.request"), "nothing is logged:\n{log}");
    assert!(
        log.contains("session.refused") && log.contains("refresh_token_reused"),
        "a failed log-in is not logged:\n{log}"
    );
    let lower = log.to_lowercase();
    let around = |at: usize| lower.chars().skip(at.saturating_sub(200)).take(400).collect::<String>();
    assert!(!lower.contains("canary"), "{}", around(lower.find("canary").unwrap_or_default()));
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
        let signature = secret.rsplit('.').next().unwrap();
        assert!(!log.contains(signature), "a signature is in the log");
    }
    if let Some(url) = own.database_url() {
        assert!(!log.contains(&url), "the database's URL is in the log");
    }
}

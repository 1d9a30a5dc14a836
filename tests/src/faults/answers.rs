//! What every response contains, whatever it is about.

use serde_json::json;

use crate::harness::{Client, Org, OwnServer, Reply};

/// One response of each kind, with its name.
fn kinds(org: &Org) -> Vec<(&'static str, Reply)> {
    let owner = &org.owner.client;
    let nobody = Client::anonymous();
    let ticket = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let etag = owner.get(&path).etag();
    let file = owner.upload(&org.id, "a.txt", "text/plain", b"text");
    let id = file.body["id"].as_str().unwrap().to_owned();
    let gone = owner.upload(&org.id, "b.txt", "text/plain", b"text").expect(201);
    let json = ("Content-Type", "application/json");
    vec![
        ("200", owner.get(&path)),
        ("200 list", owner.get(&org.path("/tickets"))),
        ("200 file", owner.get(&org.path(&format!("/attachments/{id}/content")))),
        ("200 alive", nobody.get("!/healthz")),
        ("200 ready", nobody.get("!/readyz")),
        ("200 document", nobody.get("/openapi.json")),
        ("200 document", nobody.get("/openapi.yaml")),
        ("200 docs", nobody.get("!/docs/")),
        ("200 page", nobody.get("!/problems/not_found")),
        ("201", org.ticket_with(&org.rbt, json!({ "urgency": "low" }))),
        ("201 file", file),
        ("204", owner.delete(&org.path(&format!("/attachments/{}", gone["id"].as_str().unwrap())))),
        ("304", owner.send("GET", &path, &[("If-None-Match", &etag)], None)),
        ("400", owner.send("POST", &org.path("/tickets"), &[json], Some(b"{".to_vec()))),
        ("400 cursor", owner.get(&org.path("/tickets?cursor=AAAA"))),
        ("400 query", owner.get(&org.path("/tickets?q=%ff"))),
        ("401", nobody.get("/me")),
        ("403", org.rbt.client.patch(&org.path(""), json!({ "name": "Mine" }))),
        ("404", owner.get(&org.path("/tickets/0198c1f2-b7a0-7c3f-8d5e-000000000000"))),
        ("404 route", nobody.get("/nothing")),
        ("404 outside", nobody.get("!/nothing")),
        ("405", owner.delete("/me")),
        ("409", owner.post_empty(&format!("{path}/reopen"))),
        (
            "410",
            nobody.post(
                "/account-setups",
                json!({ "token": "x", "name": "Eve", "password": "quiet-orchard-lantern-8" }),
            ),
        ),
        ("412", owner.send_json("PATCH", &path, &[("If-Match", "\"999-s\"")], &json!({ "priority": "low" }))),
        ("413", owner.send("POST", &org.path("/tickets"), &[json], Some(vec![b' '; 1_048_577]))),
        (
            "415",
            owner.send(
                "POST",
                &org.path("/tickets"),
                &[("Content-Type", "text/plain")],
                Some(b"{}".to_vec()),
            ),
        ),
        ("415 file", owner.upload(&org.id, "a.html", "text/html", b"<html></html>")),
        ("422", owner.post(&org.path("/tickets"), json!({}))),
        ("428", owner.put(&org.path("/roles/rbt/permissions"), json!({ "permissions": [] }))),
    ]
}

#[test]
fn security_headers_are_on_every_kind_of_answer() {
    let org = Org::new();
    for (kind, reply) in kinds(&org) {
        assert!(kind.starts_with(&reply.status.to_string()), "{kind}: {reply}");
        let header = |name: &str| reply.header(name).unwrap_or_default();
        assert_eq!(header("X-Content-Type-Options"), "nosniff", "{kind}");
        assert_eq!(header("Referrer-Policy"), "no-referrer", "{kind}");
        assert_eq!(header("Cross-Origin-Resource-Policy"), "same-site", "{kind}");
        assert_eq!(header("Strict-Transport-Security"), "", "{kind}: there is no TLS to insist on");
        let policy = header("Content-Security-Policy");
        match kind {
            "200 file" => assert_eq!(policy, "sandbox; default-src 'none'"),
            "200 docs" | "200 page" => assert!(policy.contains("default-src"), "{kind}: {policy}"),
            _ => assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{kind}"),
        }
        let cache = header("Cache-Control");
        let has_tag = reply.header("ETag").is_some() || kind == "200 file";
        let is_page = ["200 docs", "200 page", "200 document"].contains(&kind);
        let expected = cache == "no-store"
            || (has_tag && cache == "private, no-cache")
            || (is_page && !cache.is_empty());
        assert!(expected, "{kind}: Cache-Control is {cache:?}");
        assert!(reply.header("Server").is_none(), "{kind}: {}", header("Server"));
        assert!(!header("X-Request-Id").is_empty(), "{kind}: no X-Request-Id");
        if reply.status >= 400 {
            assert_eq!(reply.media_type().as_deref(), Some("application/problem+json"), "{kind}");
            assert_eq!(reply.body["request_id"], header("X-Request-Id"), "{kind}");
            assert_eq!(reply.body["type"], format!("/problems/{}", reply.code()), "{kind}");
            let page = Client::anonymous().get(&format!("!/problems/{}", reply.code()));
            assert_eq!(page.status, 200, "{kind}: its type is no page");
        }
    }
}

#[test]
fn behind_tls_browsers_are_instructed_to_stay_there() {
    let own = OwnServer::start(&["--public-url", "https://support.example"]);
    let nobody = own.client();
    for reply in [
        nobody.get("!/healthz"),
        nobody.get("/me"),
        nobody.get("/nothing"),
        nobody.get("!/docs/"),
        nobody.delete("/me"),
    ] {
        let told = reply.header("Strict-Transport-Security");
        assert_eq!(told.as_deref(), Some("max-age=63072000; includeSubDomains"), "{reply}");
    }
}

#[test]
fn a_harmless_request_id_is_taken_and_any_other_replaced() {
    let org = Org::new();
    let longest = "a".repeat(64);
    for id in ["a", "0198c1f2-b7a0-7c3f-8d5e-000000000000", "trace.1_2-3", &longest] {
        for path in ["/me", "/nothing", "!/healthz"] {
            let reply = org.rbt.client.send("GET", path, &[("X-Request-Id", id)], None);
            assert_eq!(reply.header("X-Request-Id").as_deref(), Some(id), "{path}");
            if reply.status >= 400 {
                assert_eq!(reply.body["request_id"], id);
            }
        }
    }
    let too_long = "a".repeat(65);
    for id in
        ["", "a b", "a\tb", "a;b", "<script>", "a\"b", "{\"a\":1}", "caf\u{e9}", "a,b", "a/b", &too_long]
    {
        let reply = org.rbt.client.send("GET", "/me?bad=1", &[("X-Request-Id", id)], None);
        let given = reply.header("X-Request-Id").unwrap_or_default();
        assert!(given != id && !given.is_empty() && given.len() <= 64, "{id:?} became {given:?}");
        assert_eq!(reply.body["request_id"], given);
    }
    let (first, second) = (org.rbt.client.get("/me"), org.rbt.client.get("/me"));
    assert_ne!(
        first.header("X-Request-Id"),
        second.header("X-Request-Id"),
        "each request has an id of its own"
    );
}

//! What browsers of other origins may do.

use crate::harness::{Client, Org, OwnServer, Reply};

const APP: &str = "https://app.example";
const EXPOSED: [&str; 10] = [
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
    "Idempotency-Replayed",
    "Deprecation",
    "Sunset",
];

fn words(list: &str) -> Vec<String> {
    list.split(',').map(|word| word.trim().to_lowercase()).collect()
}

fn allowed(reply: &Reply) -> Option<String> {
    reply.header("Access-Control-Allow-Origin")
}

fn preflight(client: &Client, path: &str, origin: &str, method: &str, headers: &str) -> Reply {
    let sent = [
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", headers),
    ];
    client.send("OPTIONS", path, &sent, None)
}

/// Origins that resemble the allowed one.
const OTHERS: [&str; 10] = [
    "https://app.example.evil.example",
    "https://evilapp.example",
    "https://evil.example/https://app.example",
    "http://app.example",
    "https://app.example:444",
    "https://APP.example.",
    "https://sub.app.example",
    "https://app.examples",
    "null",
    "*",
];

#[test]
fn an_allowed_origin_is_named_exactly_on_answers_of_every_kind() {
    let own = OwnServer::start(&["--allowed-origins", "https://app.example,https://other.example:8443"]);
    let client = &own.platform_owner().client;
    for origin in [APP, "https://other.example:8443"] {
        let from = [("Origin", origin)];
        let nobody = own.client();
        let replies = [
            client.send("GET", "/me", &from, None),
            client.send("GET", "/orgs", &from, None),
            nobody.send("GET", "/me", &from, None),
            client.send("GET", "/nothing", &from, None),
            client.send("GET", "/orgs/0198c1f2-b7a0-7c3f-8d5e-000000000000", &from, None),
            client.send("DELETE", "/me", &from, None),
            client.send("GET", "/orgs?limit=0", &from, None),
            nobody.send(
                "POST",
                "/sessions",
                &[("Origin", origin), ("Content-Type", "text/plain")],
                Some(b"{}".to_vec()),
            ),
        ];
        for reply in replies {
            assert_eq!(allowed(&reply).as_deref(), Some(origin), "{reply}");
            let vary = words(&reply.header("Vary").unwrap_or_default());
            assert!(vary.contains(&"origin".to_owned()), "{reply}");
            let exposed = words(&reply.header("Access-Control-Expose-Headers").unwrap_or_default());
            for name in EXPOSED {
                assert!(exposed.contains(&name.to_lowercase()), "{name} is not exposed: {exposed:?}");
            }
            assert!(reply.header("X-Content-Type-Options").is_some(), "{reply}");
        }
    }
}

#[test]
fn another_origin_is_neither_allowed_nor_reflected() {
    let own = OwnServer::start(&["--allowed-origins", APP]);
    let client = &own.platform_owner().client;
    for origin in OTHERS {
        let reply = client.send("GET", "/me", &[("Origin", origin)], None);
        assert_eq!(allowed(&reply), None, "{origin}: {reply}");
        assert!(
            words(&reply.header("Vary").unwrap_or_default()).contains(&"origin".to_owned()),
            "{origin}: {reply}"
        );
        let asked = preflight(&own.client(), "/orgs", origin, "POST", "authorization,content-type");
        assert_eq!(allowed(&asked), None, "{origin}: {asked}");
    }
    let plain = client.get("/me");
    assert_eq!(allowed(&plain), None);
    assert!(
        words(&plain.header("Vary").unwrap_or_default()).contains(&"origin".to_owned()),
        "a cache would mix them up: {plain}"
    );
}

#[test]
fn a_preflight_lists_what_may_be_sent_and_is_cached_for_ten_minutes() {
    let own = OwnServer::start(&["--allowed-origins", APP]);
    let wanted = "authorization,content-type,idempotency-key,if-match,if-none-match";
    let paths = ["/me", "/orgs", "/sessions", "/orgs/0198c1f2-b7a0-7c3f-8d5e-000000000000/tickets"];
    for (path, method) in
        paths.iter().flat_map(|path| ["GET", "POST", "PUT", "PATCH", "DELETE"].map(|method| (*path, method)))
    {
        let reply = preflight(&own.client(), path, APP, method, wanted);
        assert!([200, 204].contains(&reply.status), "{method} {path}: {reply}");
        assert_eq!(allowed(&reply).as_deref(), Some(APP));
        let methods = words(&reply.header("Access-Control-Allow-Methods").unwrap_or_default());
        assert!(methods.contains(&method.to_lowercase()), "{method} {path}: {methods:?}");
        let headers = words(&reply.header("Access-Control-Allow-Headers").unwrap_or_default());
        for name in wanted.split(',') {
            assert!(headers.contains(&name.to_owned()), "{name}: {headers:?}");
        }
        assert_eq!(reply.header("Access-Control-Max-Age").as_deref(), Some("600"));
        // Tokens travel in a header, so the browser's own credentials are not needed.
        assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
    }
    let strange = preflight(&own.client(), "/me", APP, "GET", "x-secret-header");
    let headers = words(&strange.header("Access-Control-Allow-Headers").unwrap_or_default());
    assert!(
        !headers.contains(&"x-secret-header".to_owned()) && !headers.contains(&"*".to_owned()),
        "{strange}"
    );
}

#[test]
fn without_the_setting_no_origin_is_allowed() {
    let org = Org::new();
    for origin in [APP, "null", "http://127.0.0.1"] {
        let reply = org.rbt.client.send("GET", "/me", &[("Origin", origin)], None);
        assert_eq!(allowed(&reply), None, "{reply}");
        let asked = preflight(&Client::anonymous(), "/me", origin, "GET", "authorization");
        assert_eq!(allowed(&asked), None, "{asked}");
    }
}

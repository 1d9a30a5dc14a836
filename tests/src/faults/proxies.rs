//! Which client address and which host name the server trusts.

use serde_json::json;

use super::wire::Wire;
use crate::harness::{Client, Mail, Org, OwnServer, PASSWORD, server};

/// Logs in with these headers, and returns the address of the session.
fn address(own: &OwnServer, headers: &[(&str, &str)]) -> String {
    let email = &own.platform_owner().email;
    let tokens = own
        .client()
        .send_json("POST", "/sessions", headers, &json!({ "email": email, "password": PASSWORD }))
        .expect(201);
    let client = Client { base: own.base.clone(), token: tokens["access_token"].as_str().map(str::to_owned) };
    let sessions = client.get("/me/sessions?limit=100").expect(200);
    let current =
        sessions["data"].as_array().unwrap().iter().find(|session| session["is_current"] == true).unwrap();
    current["address"].as_str().unwrap().to_owned()
}

#[test]
fn without_a_trusted_proxy_headers_set_no_address() {
    let own = OwnServer::start(&[]);
    for headers in [
        vec![],
        vec![("X-Forwarded-For", "203.0.113.9")],
        vec![("X-Forwarded-For", "203.0.113.9, 127.0.0.1")],
        vec![
            ("Forwarded", "for=203.0.113.9"),
            ("X-Real-IP", "203.0.113.9"),
            ("CF-Connecting-IP", "203.0.113.9"),
            ("True-Client-IP", "203.0.113.9"),
        ],
    ] {
        assert_eq!(address(&own, &headers), "127.0.0.1", "{headers:?}");
    }
}

#[test]
fn behind_a_trusted_proxy_the_rightmost_untrusted_hop_is_the_client() {
    let own = OwnServer::start(&["--trusted-proxies", "127.0.0.1,192.0.2.1"]);
    let cases = [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 192.0.2.1", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9, 192.0.2.1, 127.0.0.1", "203.0.113.9"),
        ("198.51.100.7,203.0.113.9,192.0.2.1", "203.0.113.9"),
        ("2001:db8::7", "2001:db8::7"),
        ("nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("203.0.113.9, nonsense", "127.0.0.1"),
        ("nonsense, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, unknown, 192.0.2.1", "192.0.2.1"),
    ];
    for (chain, expected) in cases {
        assert_eq!(address(&own, &[("X-Forwarded-For", chain)]), expected, "{chain}");
    }
    let two = [("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-For", "203.0.113.9")];
    assert_eq!(address(&own, &two), "203.0.113.9", "two headers are one list");
    assert_eq!(address(&own, &[("Forwarded", "for=203.0.113.9"), ("X-Real-IP", "203.0.113.9")]), "127.0.0.1");
}

#[test]
fn links_name_the_configured_host_whatever_the_request_says() {
    let own = OwnServer::start(&["--public-url", "https://support.example/"]);
    let client = &own.platform_owner().client;
    let headers = [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "http"),
        ("Forwarded", "host=evil.example"),
        ("X-Original-URL", "https://evil.example/"),
    ];
    let body = json!({ "name": "Linked", "slug": "linked", "first_admin": { "email": "a@linked.example", "name": "Ada" } });
    let made = client.send_json("POST", "/orgs", &headers, &body);
    let location = made.header("Location").unwrap_or_default();
    assert!(location.starts_with("/api/v1/orgs/"), "{location}");
    let made = made.expect(201);
    let mail = own.mailbox().wait_for("a@linked.example", "Your new account");
    assert!(mail.text.contains("https://support.example/") && !mail.text.contains("evil"), "{}", mail.text);
    let links = format!("/users/{}/setup-links", made["admins"][0]["user_id"].as_str().unwrap());
    let token = client.token.as_deref().unwrap();
    let body = json!({ "reason": "Handed over." }).to_string();
    let length = body.len();
    let request = format!(
        "POST /api/v1{links} HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let answer = Wire::exchange(&own.base, request.as_bytes()).unwrap();
    let text = String::from_utf8_lossy(&answer.bytes).into_owned();
    assert!(
        answer.status == 200 && text.contains("https://support.example/") && !text.contains("evil"),
        "{text}"
    );
}

#[test]
fn a_list_names_no_host_of_the_request() {
    let org = Org::new();
    for _ in 0..2 {
        org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    }
    let token = org.rbt.client.token.as_deref().unwrap();
    let path = org.path("/tickets?limit=1");
    let request = format!(
        "GET /api/v1{path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let answer = Wire::exchange(&server().base, request.as_bytes()).unwrap();
    let link = answer.header("Link").unwrap_or_default();
    assert!(link.contains("rel=\"next\"") && !link.contains("evil"), "{link}");
}

#[test]
fn no_header_chooses_the_link_in_a_mail() {
    let own = OwnServer::start(&["--public-url", "https://help.example"]);
    let org = Org::on(own.platform_owner());
    let evil: [&[(&str, &str)]; 3] = [
        &[("Host", "evil.example")],
        &[("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http")],
        &[
            ("Forwarded", "host=evil.example"),
            ("Referer", "https://evil.example/"),
            ("Origin", "https://evil.example"),
        ],
    ];
    for (headers, person) in evil.iter().zip([&org.rbt, &org.rbt2, &org.bcba]) {
        let body = json!({ "email": person.email });
        own.client().send_json("POST", "/password-resets", headers, &body).expect(202);
        let mail = own.mailbox().wait_for(&person.email, "Reset");
        assert!(mail.text.contains("https://help.example/pages/reset-password#token="), "{}", mail.text);
        assert!(!mail.text.contains("evil") && !mail.html.contains("evil"), "{headers:?}");
    }
}

/// Every link of a mail, in its text and in its HTML.
fn links(mail: &Mail) -> Vec<String> {
    let all = format!("{} {}", mail.text, mail.html.replace("&#x2f;", "/"));
    let is_end = |c: char| c.is_whitespace() || c == '"' || c == '<';
    let begun = all.match_indices("http").map(|(at, _)| &all[at..]);
    begun.map(|link| link.split(is_end).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn s000_5_however_a_request_names_a_host_the_mails_name_the_configured_one() {
    const PATH: &str = "/api/v1/password-resets";
    const ELSEWHERE: &str = "http://evil.example/api/v1/password-resets";
    const FORWARDED: &str = "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example;proto=http\r\n\
                             X-Forwarded-Proto: http\r\nX-Forwarded-Prefix: /evil";
    let own = OwnServer::start(&["--public-url", "https://help.example", "--trusted-proxies", "127.0.0.1"]);
    let org = Org::on(own.platform_owner());
    let asked = [
        (PATH, format!("Host: evil.example\r\n{FORWARDED}"), &org.rbt),
        (PATH, "Host: help.example\r\nHost: evil.example".to_owned(), &org.rbt2),
        (PATH, "Host: evil.example\r\nHost: help.example".to_owned(), &org.bcba),
        (ELSEWHERE, format!("Host: evil.example\r\n{FORWARDED}"), &org.manager),
        (ELSEWHERE, "Host: help.example".to_owned(), &org.nowhere),
    ];
    let mut mailed = 0;
    for (target, head, person) in &asked {
        let body = json!({ "email": person.email }).to_string();
        let length = body.len();
        let request = format!(
            "POST {target} HTTP/1.1\r\n{head}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let answer = Wire::exchange(&own.base, request.as_bytes());
        let answer = answer.unwrap_or_else(|| panic!("no answer to {request}"));
        assert!([202, 400].contains(&answer.status), "{request}: {answer:?}");
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("evil"), "{request}: {answer:?}");
        if answer.status == 202 {
            own.mailbox().wait_for(&person.email, "Reset");
            mailed += 1;
        }
    }
    assert!(mailed > 0, "a foreign host alone is nothing wrong");
    own.wait_until_mail_is_idle();
    for (_, head, person) in &asked {
        for mail in own.mailbox().to(&person.email) {
            let links = links(&mail);
            assert!(!links.is_empty(), "{mail:?}");
            for link in links {
                assert!(link.starts_with("https://help.example/"), "{head}: {link}");
            }
            assert!(!format!("{mail:?}").contains("evil"), "{head}: {mail:?}");
        }
    }
}

//! The pages that links in mails lead to.

use serde_json::json;

use super::helpers::*;
use crate::faults::wire::Wire;
use crate::harness::{Client, Person, server};

/// A page, a script or a style: its media type, its policy and its text. None of them is an operation of the document.
fn file(path: &str) -> (String, String, String) {
    let request = format!("GET /pages/{path} HTTP/1.1\r\nHost: steward\r\nConnection: close\r\n\r\n");
    let answer = Wire::exchange(&server().base, request.as_bytes()).expect("an answer");
    assert_eq!(answer.status, 200, "{path}");
    let header = |name: &str| answer.header(name).unwrap_or_default();
    let found = (header("Content-Type"), header("Content-Security-Policy"));
    (found.0, found.1, String::from_utf8(answer.bytes.clone()).unwrap())
}

#[test]
fn a_link_in_a_mail_leads_to_a_page_that_uses_it() {
    let person: Person = shared().add_member(&["rbt"], &[], None);
    Client::anonymous().post("/password-resets", json!({ "email": person.email })).expect(202);
    let mail = server().mailbox().wait_for(&person.email, "Reset your password");
    let link = format!("{}/pages/reset-password#token={}", server().base, mail.token());
    assert!(mail.text.contains(&link), "{}", mail.text);
    let (_, _, page) = file("reset-password");
    assert!(page.contains("data-operation=\"password-resets/complete\""), "{page}");
    let done = json!({ "token": mail.token(), "password": "another-orchard-lantern-8" });
    Client::anonymous().post("/password-resets/complete", done).expect(204);
    person.client.get("/me").refused(401, "token_revoked");
}

#[test]
fn pages_load_nothing_from_elsewhere_and_run_nothing_inline() {
    for (path, media_type) in [
        ("account-setup", "text/html; charset=utf-8"),
        ("reset-password", "text/html; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("page.css", "text/css; charset=utf-8"),
    ] {
        let (found, policy, text) = file(path);
        assert_eq!(found, media_type, "{path}");
        for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        for inline in ["style=", "onclick=", "onsubmit=", "<style", "javascript:", "://"] {
            assert!(!text.contains(inline), "{path} has {inline}");
        }
        assert_eq!(text.matches("<script").count(), text.matches("<script src=\"page.js\" defer>").count());
    }
}

#[test]
fn every_field_of_a_page_has_a_label_and_every_text_is_there_in_both_languages() {
    let (_, _, script) = file("page.js");
    let (english, spanish) = script.split_once("  es: {").unwrap();
    let has = |texts: &str, key: &str| texts.contains(&format!("    {key}: \""));
    for path in ["account-setup", "reset-password"] {
        let (_, _, page) = file(path);
        for key in page.split("data-text=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(has(english, key) && has(spanish, key), "{path}: {key}");
        }
        for name in page.split("<input type=\"password\" id=\"").skip(1) {
            let name = name.split('"').next().unwrap();
            assert!(page.contains(&format!("<label for=\"{name}\"")), "{path}: {name}");
        }
    }
    let keys = |texts: &str| texts.lines().filter(|line| line.starts_with("    ")).count();
    let spanish = spanish.split_once("  },").unwrap().0;
    let english = english.split_once("  en: {").unwrap().1.split_once("  },").unwrap().0;
    assert_eq!(keys(english), keys(spanish));
}

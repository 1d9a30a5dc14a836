//! Branding and templates of an organization's mail (S000-49 to S000-52).

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Reply, server};

fn at(org: &Org, kind: &str, locale: &str) -> String {
    org.path(&format!("/mail-templates/{kind}/{locale}"))
}

fn words(subject: &str, body: &str) -> Value {
    json!({ "subject": subject, "text": body })
}

fn replace(org: &Org, kind: &str, locale: &str, words: Value) -> Reply {
    let (client, path) = (&org.owner.client, at(org, kind, locale));
    let read = client.get(&path);
    match read.status {
        200 => client.send_json("PUT", &path, &[("If-Match", &read.etag())], &words),
        _ => client.put(&path, words),
    }
}

#[test]
fn s000_49_six_kinds_for_support_and_those_of_accounts_ship_in_two_languages() {
    let org = shared();
    let mut kinds = std::collections::BTreeSet::new();
    let mut path = org.path("/mail-templates?limit=30");
    loop {
        let page = org.owner.client.get(&path).expect(200);
        for item in page["data"].as_array().unwrap() {
            let (kind, locale) = (text(item, "kind"), text(item, "locale"));
            let same = words(&text(item, "subject"), &text(item, "text"));
            org.owner.client.post(&format!("{}/preview", at(org, &kind, &locale)), same).expect(200);
            kinds.insert((kind, locale));
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = org.path(&format!("/mail-templates?limit=30&cursor={cursor}"));
    }
    for kind in [
        "reset_password",
        "confirmation_help",
        "permission_denied",
        "feature_request_acknowledged",
        "bug_report_confirmed",
        "escalation_notice",
    ] {
        for locale in ["en", "es"] {
            assert!(kinds.contains(&(kind.to_owned(), locale.to_owned())), "{kind} {locale}");
        }
    }
    let shipped = org.owner.client.get(&at(org, "permission_denied", "es")).expect(200);
    assert_eq!((&shipped["is_own"], &shipped["updated_at"]), (&json!(false), &Value::Null));
    assert!(shipped["variables"].as_array().unwrap().contains(&json!("personal_note")));
    org.owner.client.get(&at(org, "permission_denied", "fr")).refused(404, "not_found");
    org.owner.client.get(&at(org, "love_letter", "en")).refused(404, "not_found");
}

#[test]
fn s000_50_unknown_variables_and_invalid_templates_are_refused() {
    let org = Org::new();
    for (subject, body, place) in [
        ("Reply", "Hello {{ password_hash }}", "#/text"),
        ("{{ link", "Hello", "#/subject"),
        ("Reply", "{{ link | replace('#', '?') }}", "#/text"),
        ("Reply", "{{ \"x\" * 100000000 }}", "#/text"),
        (
            "Reply",
            "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
            "#/text",
        ),
        ("Reply", "{{ link | no_such_filter }}", "#/text"),
        ("Reply", "{% include 'etc/passwd' %}", "#/text"),
    ] {
        for path in [at(&org, "new_reply", "en"), format!("{}/preview", at(&org, "new_reply", "en"))] {
            let method = if path.ends_with("preview") { "POST" } else { "PUT" };
            let etag = org.owner.client.get(&at(&org, "new_reply", "en")).etag();
            let sent =
                org.owner.client.send_json(method, &path, &[("If-Match", &etag)], &words(subject, body));
            let problem = sent.refused(422, "rule_violated");
            assert_eq!(places(&problem), set_of(&[place]), "{method} {body}");
        }
    }
    assert_eq!(org.owner.client.get(&at(&org, "new_reply", "en")).expect(200)["is_own"], false);
}

#[test]
fn s000_50_mail_uses_the_own_template_and_branding() {
    let org = Org::new();
    let settings = json!({ "brand_name": "Lake & Side", "brand_colour": "#7a3b1d", "signature": "Your <lake> team",
        "contact_address": "help@lake.example", "time_zone": "America/Chicago" });
    let changed = org.owner.client.patch(&org.path("/mail-settings"), settings).expect(200);
    assert_eq!(org.owner.client.get(&org.path("/mail-settings")).expect(200), changed);
    let own = words(
        "{{ brand_name }}: answer to {{ ticket_number }}",
        "Dear {{ recipient_name }},\n\n{{ link }}\n\n{{ signature }} {{ contact_address }}",
    );
    let kept = replace(&org, "new_reply", "en", own.clone()).expect(200);
    assert_eq!(kept["is_own"], true);
    let preview = org.owner.client.post(&format!("{}/preview", at(&org, "new_reply", "en")), own).expect(200);
    assert_eq!(preview["subject"], "Lake & Side: answer to 42");
    assert!(preview["html"].as_str().unwrap().contains("Your &lt;lake&gt; team"), "{preview}");

    let ticket = org.ticket(&org.rbt);
    reply(&org, &org.manager, &ticket, "We are on it.").expect(201);
    let mail = server().mailbox().wait_for(&org.rbt.email, "Lake & Side: answer to 1");
    assert!(mail.text.contains("Your <lake> team help@lake.example"), "{}", mail.text);
    assert!(mail.html.contains("#7a3b1d") && mail.html.contains("class=\"button\""), "{}", mail.html);
}

#[test]
fn a_subject_or_name_can_break_neither_the_head_of_a_mail_nor_its_html() {
    let org = Org::new();
    let subject = "<img src=x> {{ 7*7 }}";
    let ticket = org.ticket_with(&org.rbt, json!({ "subject": subject })).expect(201);
    reply(&org, &org.manager, &ticket, "Hello").expect(201);
    let mail = server().mailbox().wait_for(&org.rbt.email, "New reply");
    assert!(mail.text.contains(subject), "{}", mail.text);
    assert!(mail.html.contains("&lt;img src=x&gt; {{ 7*7 }}"), "{}", mail.html);
}

#[test]
fn s000_51_languages_fall_back_to_the_organizations_and_then_to_english() {
    let org = Org::new();
    org.rbt.client.patch("/me", json!({ "locale": "fr" })).expect(200);
    org.rbt2.client.patch("/me", json!({ "locale": "fr-CA" })).expect(200);
    let told = |person: &crate::harness::Person, about: &str| {
        let ticket = org.ticket(person);
        reply(&org, &org.manager, &ticket, "Hello").expect(201);
        server().mailbox().wait_for(&person.email, about);
    };
    told(&org.rbt, "New reply");
    org.owner.client.patch(&org.path("/mail-settings"), json!({ "default_locale": "es" })).expect(200);
    told(&org.rbt, "respuesta");
    replace(&org, "new_reply", "fr", words("Une réponse", "{{ link }}")).expect(200);
    told(&org.rbt, "Une réponse");
    told(&org.rbt2, "Une réponse");
}

#[test]
fn s000_52_a_change_in_one_language_makes_the_others_outdated_and_gaps_are_listed() {
    let org = Org::new();
    org.rbt.client.patch("/me", json!({ "locale": "fr" })).expect(200);
    let gaps = |kind: &str| -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut path = org.path("/mail-template-gaps?limit=100");
        loop {
            let page = org.owner.client.get(&path).expect(200);
            let rows = page["data"].as_array().unwrap().iter().filter(|row| row["kind"] == kind);
            found.extend(rows.map(|row| (text(row, "locale"), text(row, "gap"))));
            let Some(cursor) = page["next_cursor"].as_str() else { return found };
            path = org.path(&format!("/mail-template-gaps?limit=100&cursor={cursor}"));
        }
    };
    let gap = |locale: &str, what: &str| (locale.to_owned(), what.to_owned());
    assert_eq!(gaps("new_reply"), [gap("fr", "missing")]);
    replace(&org, "new_reply", "fr", words("Une réponse", "{{ link }}")).expect(200);
    assert_eq!(gaps("new_reply"), [gap("en", "outdated")]);
    replace(&org, "new_reply", "en", words("A reply", "{{ link }}")).expect(200);
    assert_eq!(gaps("new_reply"), [gap("fr", "outdated")]);
    assert_eq!(org.owner.client.get(&at(&org, "new_reply", "fr")).expect(200)["is_outdated"], true);
    replace(&org, "new_reply", "fr", words("Une réponse !", "{{ link }}")).expect(200);
    assert_eq!(gaps("new_reply"), [gap("en", "outdated")]);
    org.owner.client.delete(&at(&org, "new_reply", "en")).expect(204);
    org.owner.client.delete(&at(&org, "new_reply", "en")).refused(404, "not_found");
    assert_eq!(gaps("new_reply"), [gap("en", "outdated")], "what ships is older than any own words");
}

#[test]
fn w03_versions_of_templates_are_never_reused() {
    let org = Org::new();
    let path = at(&org, "new_reply", "en");
    let send = |etag: &str, n: i32| {
        let body = words(&format!("Reply {n}"), "{{ link }}");
        org.owner.client.send_json("PUT", &path, &[("If-Match", etag)], &body)
    };
    let first = send(&org.owner.client.get(&path).etag(), 1);
    assert_eq!(first.status, 200);
    send("\"0-00000000\"", 2).refused(412, "precondition_failed");
    org.owner.client.put(&path, words("Reply 2", "{{ link }}")).refused(428, "precondition_required");
    org.owner.client.delete(&path).expect(204);
    let again = replace(&org, "new_reply", "en", words("Reply 3", "{{ link }}"));
    assert_ne!(again.etag(), first.etag());
    send(&first.etag(), 4).refused(412, "precondition_failed");
}

#[test]
fn mail_settings_require_the_permission_in_their_organization() {
    let (org, other) = (shared(), Org::new());
    for person in [&org.manager, &org.rbt] {
        for path in ["/mail-settings", "/mail-templates", "/mail-template-gaps"] {
            person.client.get(&org.path(path)).refused(403, "forbidden");
        }
    }
    org.owner.client.get(&other.path("/mail-settings")).refused(404, "not_found");
    replace(&other, "new_reply", "en", words("Ours alone", "{{ link }}")).expect(200);
    assert_eq!(org.owner.client.get(&at(org, "new_reply", "en")).expect(200)["is_own"], false);
}

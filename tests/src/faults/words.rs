//! Texts that pretend to be something else: line ends, direction characters and links in names, and
//! strangers' words in mail to strangers.

use serde_json::json;

use super::snapshot::{reports_fault, snapshot};
use super::targets::Range;
use crate::harness::{Mail, Org, OwnServer, PASSWORD, server, unique};

/// Names of persons, and other names, by operation and place.
const PERSONS: [(&str, &str); 5] = [
    ("complete_account_setup", "name"),
    ("create_member", "name"),
    ("create_registration", "name"),
    ("update_me", "name"),
    ("correct_member_account", "name"),
];
const NAMES: [(&str, &str); 10] = [
    ("create_org", "name"),
    ("update_org", "name"),
    ("create_location", "name"),
    ("update_location", "name"),
    ("create_category", "name"),
    ("update_category", "name"),
    ("create_role", "name"),
    ("clone_role", "name"),
    ("update_role", "name"),
    ("update_mail_settings", "brand_name"),
];
const LINES: [(&str, &str); 4] = [
    ("create_ticket", "subject"),
    ("update_ticket", "subject"),
    ("create_follow_up", "subject"),
    ("replace_mail_template", "subject"),
];
const NOTES: [(&str, &str); 4] = [
    ("create_invitation", "greeting"),
    ("create_membership_request", "message"),
    ("suspend_member", "reason"),
    ("update_mail_settings", "signature"),
];

/// Sends every operation its body with another text at one place, and asserts the refusal.
fn refused_at(range: &Range, places: &[(&str, &'static str)], texts: &[&str], code: &str) {
    for (id, place) in places {
        let target = range.targets().into_iter().find(|t| t.operation.id == *id);
        let target = target.unwrap_or_else(|| panic!("no target {id}"));
        for text in texts {
            let body = target.with(place, json!(text));
            let sent = target.client.send_json(
                &target.operation.method,
                &target.path,
                &range.headers(&target),
                &body,
            );
            let problem = sent.refused(422, code);
            let fault = if code == "rule_violated" { code } else { "invalid" };
            assert!(reports_fault(&problem, &format!("#/{place}"), &[fault]), "{id} {text:?}: {problem}");
        }
    }
}

#[test]
fn no_name_or_subject_contains_a_second_line_or_a_direction_character() {
    let range = Range::new();
    let before = snapshot(&range.org);
    let texts = [
        "customer\n\nYour account is locked",
        "a\rb",
        "a\tb",
        "a\u{1b}[31mb",
        "a\u{85}b",
        "a\u{2028}b",
        "a\u{2029}b",
        "a\u{202e}b",
        "a\u{2066}b",
        "a\u{200e}b",
        "a\u{200f}b",
        "a\u{61c}b",
        "a\u{2060}b",
    ];
    refused_at(&range, &[&PERSONS[..], &NAMES, &LINES].concat(), &texts, "validation_failed");
    assert_eq!(snapshot(&range.org), before);
}

#[test]
fn white_space_and_line_ends_around_a_name_or_subject_are_dropped() {
    const PASTED: &str = "\u{a0} Words\u{200b} pasted\t\r\n\u{2028}";
    let org = Org::new();
    let (owner, sent) = (&org.owner.client, json!({ "name": PASTED }));
    let (place, role) = (org.path(&format!("/locations/{}", org.downtown)), org.path("/roles/pasted"));
    let new_role = json!({ "key": "pasted", "name": PASTED, "permissions": [] });
    let new_category = json!({ "key": "pasted", "name": PASTED });
    let expected = "Words\u{200b} pasted";
    for (saved, what) in [
        (org.rbt.client.patch("/me", sent.clone()).expect(200), "a person"),
        (owner.patch(&org.path(""), sent.clone()).expect(200), "an organization"),
        (owner.patch(&place, sent.clone()).expect(200), "a location"),
        (owner.post(&org.path("/roles"), new_role).expect(201), "a new role"),
        (owner.patch(&role, sent).expect(200), "a role"),
        (org.manager.client.post(&org.path("/categories"), new_category).expect(201), "a category"),
    ] {
        assert_eq!(saved["name"], expected, "{what}");
    }
    let ticket = org.ticket_with(&org.rbt, json!({ "subject": PASTED, "details": PASTED })).expect(201);
    assert_eq!((&ticket["subject"], &ticket["details"]), (&json!(expected), &json!(PASTED)));
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    let changed = org.rbt.client.patch(&path, json!({ "subject": "Other words\n" })).expect(200);
    assert_eq!(changed["subject"], "Other words");
    // A value of one line that is not a name, in a body and in a query.
    let template = org.path("/mail-templates/confirm_address/en");
    let etag = [("If-Match", &*owner.get(&template).etag())];
    let words = json!({ "subject": "Confirm it\n", "text": "Now:\n\n{{ link }}\n" });
    let words = owner.send_json("PUT", &template, &etag, &words).expect(200);
    assert_eq!((&words["subject"], &words["text"]), (&json!("Confirm it"), &json!("Now:\n\n{{ link }}\n")));
    owner.get(&org.path(&format!("/members/{}/profile?purpose=Call%20back%0A", org.rbt.id))).expect(200);
    let accesses = org.rbt.client.get("/me/accesses").expect(200);
    assert_eq!(accesses["data"][0]["reason"], "Call back", "{accesses}");
}

#[test]
fn no_name_contains_a_link_and_no_persons_name_an_address() {
    let range = Range::new();
    let before = snapshot(&range.org);
    let link = ["Open https://evil.example", "x://y", "x:\u{200b}//y"];
    refused_at(&range, &[&PERSONS[..], &NAMES].concat(), &link, "rule_violated");
    refused_at(&range, &PERSONS, &["Open WWW.evil.example", "ww\u{ad}w.evil.example"], "rule_violated");
    refused_at(&range, &PERSONS, &["eve@evil.example"], "validation_failed");
    assert_eq!(snapshot(&range.org), before);
    let org = &range.org;
    let fine = org.owner.client.patch(&org.path(""), json!({ "name": "Care @ Home, www.care.example" }));
    fine.expect(200);
    for name in [
        "\u{645}\u{631}\u{6cc}\u{645}\u{200c}\u{633}\u{627}",
        "\u{915}\u{94d}\u{200d}\u{937}",
        "\u{1781}\u{17d2}\u{1798}\u{17c2}\u{179a}\u{200b}\u{1797}\u{17b6}\u{179f}\u{17b6}",
        "Kinder\u{ad}garten",
        "\u{feff}Sam Field",
    ] {
        assert_eq!(org.rbt.client.patch("/me", json!({ "name": name })).expect(200)["name"], name);
        assert_eq!(org.owner.client.patch(&org.path(""), json!({ "name": name })).expect(200)["name"], name);
        let sent = json!({ "subject": name, "details": name, "urgency": "low" });
        assert_eq!(org.ticket_with(&org.rbt, sent).expect(201)["subject"], name);
    }
}

#[test]
fn notes_contain_lines_and_no_direction_characters() {
    let range = Range::new();
    refused_at(&range, &NOTES, &["a\u{1b}b", "a\u{202e}b", "a\u{2067}b", "a\u{b}b"], "validation_failed");
    let org = &range.org;
    let email = format!("{}@words.example", unique("invited"));
    let greeting = "\u{feff}Dear Sam,\n\nwe are\u{200b} very\u{ad}glad.\n\tOlive";
    org.owner
        .client
        .post(&org.path("/invitations"), json!({ "email": email, "greeting": greeting }))
        .expect(201);
    let mail = server().mailbox().wait_for(&email, "invites you");
    let text = mail.text.replace("\r\n", "\n");
    assert!(text.contains(greeting), "{text}");
}

/// The name that an attacker would choose.
const NAME: &str = "customer, your account is locked, call 555 0100 now";

fn assert_silent(mail: &Mail) {
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(!part.contains("555 0100"), "a stranger's words: {part}");
    }
}

#[test]
fn mail_to_an_unproved_address_contains_no_words_of_strangers() {
    let server = OwnServer::start(&[]);
    let (nobody, owner) = (server.client(), &server.platform_owner().client);
    owner.patch("/platform-settings", json!({ "requires_invitation": false })).expect(200);
    let victim = format!("{}@else.example", unique("victim"));
    let body = json!({ "email": victim, "name": NAME, "password": PASSWORD, "accepted_agreements": [] });
    nobody.post("/registrations", body.clone()).expect(202);
    assert_silent(&server.mailbox().wait_for(&victim, "Confirm"));
    nobody.post("/password-resets", json!({ "email": victim })).expect(202);
    let reset = server.mailbox().wait_for(&victim, "Reset");
    assert_silent(&reset);
    assert!(reset.text.contains(&format!("Hello {victim},")), "{}", reset.text);
    // All other mails to it, too: the account of a new registration is not confirmed.
    let found = owner.get(&format!("/users?email={victim}")).expect(200);
    let path = format!("/users/{}/schedule-deletion", found["data"][0]["id"].as_str().unwrap());
    let ask = json!({ "identity_method": "call_back", "retention_notice_version": 1, "is_confirmed": true,
        "reason": "Nobody knows them." });
    owner.post(&path, ask).expect(202);
    let due = server.mailbox().wait_for(&victim, "will be deleted");
    assert_silent(&due);
    assert!(due.text.contains(&format!("Hello {victim},")), "{}", due.text);

    // A person with a proved address names an unproved one.
    let mallory = format!("{}@else.example", unique("mallory"));
    let body = json!({ "email": mallory, "name": NAME, "password": PASSWORD, "accepted_agreements": [] });
    nobody.post("/registrations", body).expect(202);
    let token = server.mailbox().wait_for(&mallory, "Confirm").token();
    nobody.post("/registrations/confirm", json!({ "token": token, "password": PASSWORD })).expect(204);
    let other = format!("{}@else.example", unique("other"));
    let change = json!({ "email": other, "current_password": PASSWORD });
    nobody.logged_in(&mallory, PASSWORD).post("/me/change-address", change).expect(202);
    assert_silent(&server.mailbox().wait_for(&other, "Confirm your new"));
    // An address with an account: nobody learns its name.
    let again = json!({ "email": mallory, "name": "Sam", "password": PASSWORD, "accepted_agreements": [] });
    nobody.post("/registrations", again).expect(202);
    assert_silent(&server.mailbox().wait_for(&mallory, "already have an account"));
}

#[test]
fn a_name_that_staff_chose_is_used_in_the_greeting() {
    let org = Org::new();
    let email = format!("{}@words.example", unique("nia"));
    let body = json!({ "email": email, "name": "Nia New", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/members"), body).expect(201);
    let mail = server().mailbox().wait_for(&email, "new account");
    assert!(mail.text.contains("Hello Nia New,"), "{}", mail.text);
}

#[test]
fn templates_of_mail_to_strangers_have_no_variables_of_strangers() {
    let org = Org::new();
    let client = &org.owner.client;
    for kind in ["confirm_address", "address_known", "change_address", "confirmation_help"] {
        for locale in ["en", "es"] {
            let path = org.path(&format!("/mail-templates/{kind}/{locale}"));
            let read = client.get(&path);
            let etag = read.etag();
            let shipped = read.expect(200);
            let variables = shipped["variables"].as_array().unwrap();
            assert!(!variables.contains(&json!("recipient_name")), "{kind}: {shipped}");
            for (subject, text, place) in [
                ("Hello", "Hello {{ recipient_name }}", "#/text"),
                ("Hello {{ recipient_name }}", "Hello", "#/subject"),
                ("Hello", "{% if recipient_name == \"x\" %}Hello{% endif %}", "#/text"),
            ] {
                let words = json!({ "subject": subject, "text": text });
                let saved = client.send_json("PUT", &path, &[("If-Match", &etag)], &words);
                let shown = client.post(&format!("{path}/preview"), words);
                for reply in [saved, shown] {
                    let problem = reply.refused(422, "rule_violated");
                    assert!(reports_fault(&problem, place, &["rule_violated"]), "{kind}: {problem}");
                }
            }
        }
    }
}

#[test]
fn templates_older_than_the_rule_contain_no_words_of_strangers_either() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let person = org.add_member(&["rbt"], &[], None);
    person.client.patch("/me", json!({ "name": NAME })).expect(200);
    let path = org.path("/mail-templates/change_address/en");
    let etag = org.owner.client.get(&path).etag();
    let words = json!({ "subject": "Ours", "text": "Dear NAME,\n\n{{ link }}" });
    org.owner.client.send_json("PUT", &path, &[("If-Match", &etag)], &words).expect(200);
    server.sql("UPDATE mail_templates SET text_body = replace(text_body, 'NAME', '{{ recipient_name }}')");
    let (path, other) = (org.path(&format!("/members/{}/account", person.id)), unique("other"));
    let other = format!("{other}@else.example");
    org.owner.client.patch(&path, json!({ "email": other, "reason": "Moved." })).expect(200);
    let mail = server.mailbox().wait_for(&other, "Ours");
    assert_silent(&mail);
    assert!(mail.text.contains(&format!("Dear {other},")), "{}", mail.text);
}

/// The targets of all anchors of a document, each with its text.
fn links(html: &str) -> Vec<(String, String)> {
    let anchors = html.split("<a ").skip(1).filter_map(|rest| rest.split_once("</a>"));
    let link = |(anchor, _): (&str, &str)| {
        let (head, text) = anchor.split_once('>').unwrap();
        let target = head.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#x2f;", "/");
        (target, text.to_owned())
    };
    anchors.map(link).collect()
}

fn assert_own_links_only(mail: &Mail, words: &str) {
    assert!(mail.text.contains(words), "{}", mail.text);
    let found = links(&mail.html);
    assert!(!found.is_empty(), "{}", mail.html);
    for (target, text) in found {
        assert!(target.starts_with(&server().base), "{target}");
        assert_eq!(text, "Continue", "{}", mail.html);
    }
}

#[test]
fn words_of_persons_never_become_links_in_mail() {
    let org = Org::new();
    let subject = "See https://evil.example/unlock";
    let ticket = org.ticket_with(&org.rbt, json!({ "subject": subject })).expect(201);
    let path = org.path(&format!("/tickets/{}/messages", ticket["id"].as_str().unwrap()));
    let message = json!({ "body": "Done.", "visibility": "public" });
    org.manager.client.post(&path, message).expect(201);
    assert_own_links_only(&server().mailbox().wait_for(&org.rbt.email, "New reply"), subject);
    let email = format!("{}@words.example", unique("invited"));
    let greeting = "https://evil.example/join";
    org.owner
        .client
        .post(&org.path("/invitations"), json!({ "email": email, "greeting": greeting }))
        .expect(201);
    assert_own_links_only(&server().mailbox().wait_for(&email, "invites you"), greeting);
}

#[test]
fn texts_older_than_the_rule_are_cleaned_and_block_nothing() {
    let server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let ticket = org.ticket(&org.rbt);
    let (person, place) = (id_of(&server, &org.rbt.id), id_of(&server, &org.downtown));
    server.sql(&format!("UPDATE users SET name = 'Eve\n\u{202e}Else@home' WHERE id = {person}"));
    server.sql("UPDATE tickets SET subject = 'Door\n\u{202e}open'");
    server.sql(&format!("UPDATE locations SET name = 'North\nWing' WHERE id = {place}"));
    let me = org.rbt.client.get("/me").expect(200);
    assert_eq!(me["name"], "Eve Else@home");
    let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
    assert_eq!(org.rbt.client.get(&path).expect(200)["subject"], "Door open");
    org.manager.client.post_empty(&format!("{path}/start")).expect(200);
    let read = org.owner.client.get(&org.path(&format!("/locations/{}", org.downtown))).expect(200);
    assert_eq!(read["name"], "North Wing");
}

/// An id as the current database writes it.
fn id_of(server: &OwnServer, id: &str) -> String {
    match server.database_url() {
        Some(_) => format!("'{id}'"),
        None => format!("X'{}'", id.replace('-', "")),
    }
}

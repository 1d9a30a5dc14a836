//! The mails of invitations, and what only time shows: S001-9 to S001-11, S001-16, S001-17, S001-20, and
//! semantics 37.

use std::thread::sleep;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixtures::{guest, instant, invite, nobody_there, over, stage, stranger, use_code, written};
use super::helpers::*;
use crate::harness::{Mail, Org, OwnServer, Person, unique};

/// Longer than it takes to send a mail that should not be sent.
fn a_while() {
    sleep(Duration::from_millis(1_500));
}

#[test]
fn s001_10_after_a_quarter_of_an_hour_it_is_mailed_again_unchanged() {
    let invited = invite(&stage().org, &stranger(), json!({"greeting": "Bring your badge."}));
    invited.mails("invites you", 1);
    invited.let_pass(TimeDelta::minutes(14));
    let refused = invited.command("resend");
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    refused.refused(429, "too_many_attempts");
    invited.let_pass(TimeDelta::minutes(1));
    let before = invited.read();
    let sent = invited.command("resend").expect(200);
    assert!(instant(&sent["last_sent_at"]) > instant(&before["last_sent_at"]) + TimeDelta::minutes(15));
    for field in ["status", "valid_from", "valid_until", "roles", "greeting"] {
        assert_eq!(sent[field], before[field], "{field}");
    }
    for mail in invited.mails("invites you", 2) {
        assert!(mail.text.contains(&invited.code()), "{}", mail.text);
        assert!(mail.text.contains("Bring your badge."), "{}", mail.text);
    }
    use_code(&nobody_there(), "preview", &invited.code()).expect(200);
    invited.command("resend").refused(429, "too_many_attempts");
    a_while();
    assert_eq!(invited.mails_now("invites you"), 2);
}

#[test]
fn s001_10_a_new_end_makes_a_new_code_and_invalidates_the_old_one() {
    let guest = guest();
    let invited = invite(&stage().org, &guest.email, json!({}));
    let old = invited.code();
    invited.mails("invites you", 1);
    invited.let_pass(TimeDelta::minutes(16));
    let before = invited.read();
    let past = instant(&before["valid_from"]) - TimeDelta::days(1);
    let problem = invited.resend_until(past).refused(422, "rule_violated");
    assert_eq!(places(&problem), set_of(&["#/valid_until"]));
    assert_eq!(invited.read()["last_sent_at"], before["last_sent_at"], "a refusal sends nothing");
    let end = instant(&before["valid_until"]) + TimeDelta::days(20);
    let sent = invited.resend_until(end).expect(200);
    assert_eq!((instant(&sent["valid_until"]), &sent["status"]), (end, &json!("pending")));
    let new = invited.code();
    assert_ne!(new, old);
    for (by, what) in [(&nobody_there(), "preview"), (&nobody_there(), "decline"), (&guest.client, "accept")]
    {
        use_code(by, what, &old).refused(410, "gone");
    }
    assert_eq!(invited.read()["status"], "pending");
    let mails = invited.mails("invites you", 2);
    assert!(mails[0].text.contains(&old) && !mails[1].text.contains(&old));
    assert!(mails[1].text.contains(&new), "{}", mails[1].text);
    use_code(&guest.client, "accept", &new).expect(200);
}

#[test]
fn s001_9_s001_10_an_invitation_that_is_not_pending_is_not_mailed_again_and_shows_no_link() {
    let org = Org::on(stage().own.platform_owner());
    let over = over(&org);
    for (status, invited) in &over {
        invited.command("resend").refused(409, "invalid_transition");
        let url = org.owner.client.get(&format!("{}/url", invited.path));
        let problem = url.refused(409, "invalid_transition");
        assert!(text(&problem, "detail").contains(status), "{problem}");
    }
    a_while();
    for (status, invited) in &over {
        assert_eq!(invited.mails_now("invites you"), 1, "{status}");
    }
}

#[test]
fn s001_9_reading_the_link_is_recorded_in_the_audit_log() {
    let org = &stage().org;
    let invited = invite(org, &stranger(), json!({}));
    // Who read which link by a request, according to the log.
    let read_by = |by: &Person| {
        let request = unique("url");
        let path = format!("{}/url", invited.path);
        let reply = by.client.send("GET", &path, &[("X-Request-Id", &request)], None);
        let kept = format!(
            "SELECT e.kind, u.email, i.email FROM events e JOIN users u ON u.id = e.actor_id \
             JOIN invitations i ON i.id = e.subject_id WHERE e.request_id = '{request}'"
        );
        (reply, stage().own.sql(&kept))
    };
    for by in [&org.owner, &org.manager] {
        let (reply, kept) = read_by(by);
        reply.expect(200);
        assert_eq!(kept, format!("invitation_url_read|{}|{}", by.email, invited.email));
    }
    let (reply, kept) = read_by(&org.rbt);
    reply.refused(403, "forbidden");
    assert_eq!(kept, "");
    invited.command("revoke").expect(200);
    let (reply, kept) = read_by(&org.owner);
    reply.refused(409, "invalid_transition");
    assert_eq!(kept, "");
}

#[test]
fn s001_11_pending_and_expired_invitations_can_be_deleted_and_accepted_ones_cannot() {
    let org = Org::on(stage().own.platform_owner());
    let client = &org.owner.client;
    let waiting = invite(&org, &stranger(), json!({}));
    let code = waiting.code();
    for (status, invited) in over(&org).iter().chain([&("pending", waiting)]) {
        let deleted = client.delete(&invited.path);
        if ["accepted", "declined"].contains(status) {
            deleted.refused(409, "conflict");
            assert_eq!(invited.read()["status"], *status);
        } else {
            deleted.expect(204);
            client.get(&invited.path).refused(404, "not_found");
            client.delete(&invited.path).refused(404, "not_found");
        }
    }
    use_code(&nobody_there(), "preview", &code).refused(410, "gone");
}

#[test]
fn semantics_37_three_days_before_its_end_an_invitation_has_one_reminder() {
    let org = Org::on(stage().own.platform_owner());
    let over = over(&org);
    let spanish = invite(&org, &stranger(), json!({"locale": "es", "greeting": "Bring your badge."}));
    let english = invite(&org, &stranger(), json!({}));
    let early = invite(&org, &stranger(), json!({}));
    early.let_pass(TimeDelta::days(26));
    for invited in [&spanish, &english] {
        invited.let_pass(TimeDelta::days(27) + TimeDelta::hours(1));
    }
    let mail = spanish.mails("Recordatorio", 1).remove(0);
    for words in ["Hola", "Olive Owner", "Lakeside Therapy", "RBT", "Bring your badge.", &spanish.code()] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.html.contains("<html lang=\"es\">"), "{}", mail.html);
    let mail = english.mails("Reminder", 1).remove(0);
    assert!(mail.text.contains(&english.code()), "{}", mail.text);
    english.command("resend").refused(429, "too_many_attempts");
    // Longer than the jobs wait with what is due.
    sleep(Duration::from_millis(6_500));
    assert_eq!((spanish.mails_now("Recordatorio"), english.mails_now("Reminder")), (1, 1));
    for (status, invited) in over.iter().chain([&("four days to go", early)]) {
        assert_eq!(invited.mails_now("Reminder"), 0, "{status}");
    }
}

/// Text that looks like markup.
const GREETING: &str = "Bring <img src=x> & {{ 7*7 }}.";

/// An organization with its own branding, and an invitation of it.
fn branded() -> (Org, Value) {
    let org = Org::on(stage().own.platform_owner());
    org.owner.client.patch("/me", json!({"name": "Olive <b> Owner"})).expect(200);
    let settings = json!({"brand_name": "Lake & <Side>", "brand_colour": "#7a3b1d", "signature": "Your <lake> team",
        "contact_address": "help@lake.example", "time_zone": "America/Chicago", "default_locale": "es"});
    org.owner.client.patch(&org.path("/mail-settings"), settings).expect(200);
    let terms = json!({"roles": ["rbt", "bcba"], "greeting": GREETING, "purpose": "Night shift",
        "valid_from": "2036-01-01T18:00:00Z", "valid_until": "2036-03-01T05:30:00Z"});
    (org, terms)
}

/// As HTML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('/', "&#x2f;")
}

fn holds(mail: &Mail, all: &[&str]) {
    for words in all {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
        assert!(mail.html.contains(&escaped(words)), "{words}: {}", mail.html);
    }
    assert!(!mail.html.contains("<img") && !mail.html.contains("<b>"), "{}", mail.html);
}

#[test]
fn s001_17_the_mail_has_branding_greeting_roles_link_code_validity_and_contact() {
    let (org, mut terms) = branded();
    terms["locale"] = json!("en");
    let invited = invite(&org, &stranger(), terms);
    let mail = invited.mails("Olive <b> Owner invites you to join Lake & <Side>", 1).remove(0);
    let (code, url) = (invited.code(), text(&invited.link(), "url"));
    let all = ["Olive <b> Owner", "Lake & <Side>", "RBT", "BCBA", GREETING, &code, &url, "Your <lake> team"];
    holds(&mail, &all);
    let until =
        "from 1 January 2036, 12:00 (America/Chicago) until 29 February 2036, 23:30 (America/Chicago)";
    holds(&mail, &[until, "write to help@lake.example"]);
    assert!(mail.html.contains("#7a3b1d") && mail.html.contains("<html lang=\"en\">"), "{}", mail.html);
    assert!(!mail.text.contains("Night shift"), "what it is for is for staff: {}", mail.text);
}

#[test]
fn s001_16_the_mail_is_in_the_language_of_the_invitation_or_of_the_organization() {
    let (org, terms) = branded();
    let invited = invite(&org, &stranger(), terms);
    assert_eq!(invited.read()["locale"], "es");
    let mail = invited.mails("Olive <b> Owner le invita a unirse a Lake & <Side>", 1).remove(0);
    let code = format!("Su código de invitación es {}.", invited.code());
    let until = "desde el 1 de enero de 2036, 12:00 (America/Chicago) hasta el 29 de febrero de 2036, 23:30";
    holds(&mail, &["Hola, ", &code, until, GREETING, "escribir a help@lake.example"]);
    assert!(mail.html.contains("<html lang=\"es\">"), "{}", mail.html);
}

#[test]
fn s001_16_an_invitation_to_the_platform_states_times_in_its_zone() {
    let own = OwnServer::start(&[]);
    let platform = &own.platform_owner().client;
    platform.patch("/platform-settings", json!({"time_zone": "Asia/Tokyo"})).expect(200);
    let email = stranger();
    let made = platform.post("/invitations", json!({"email": email})).expect(201);
    let there = instant(&made["valid_until"]) + TimeDelta::hours(9);
    let mail = own.mailbox().wait_for(&email, "invites you");
    let until = there.format("until %-d %B %Y, %H:%M (Asia/Tokyo)").to_string();
    assert!(mail.text.contains(&until), "{until}: {}", mail.text);
}

#[test]
fn s001_20_the_statistics_show_outcomes_by_role_length_and_time() {
    let org = Org::on(stage().own.platform_owner());
    over(&org);
    let from = instant(&org.ticket(&org.rbt)["created_at"]);
    let long = invite(&org, &stranger(), json!({"roles": ["bcba"]}));
    long.command("revoke").expect(200);
    let bulk = json!({"emails": [stranger(), stranger()], "roles": ["bcba"], "valid_from": written(from),
        "valid_until": written(from + TimeDelta::days(2))});
    let batch = org.owner.client.post(&org.path("/invitation-batches"), bulk).expect(200);
    let read =
        |query: &str| org.owner.client.get(&org.path(&format!("/invitation-analytics{query}"))).expect(200);
    let seen = read("");
    let numbers = |counts: &Value| {
        ["total", "pending", "suspended", "expired", "accepted", "declined", "revoked"]
            .map(|name| counts[name].as_i64().unwrap())
    };
    assert_eq!(numbers(&seen["counts"]), [8, 2, 1, 1, 1, 1, 2]);
    assert_eq!(seen["counts"]["acceptance_rate"], json!(0.2));
    let row = |list: &str, key: &str, value: Value| {
        let rows = seen[list].as_array().unwrap();
        rows.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("{list} {value}"))["counts"]
            .clone()
    };
    assert_eq!(numbers(&row("by_role", "role", json!("rbt"))), [5, 0, 1, 1, 1, 1, 1]);
    assert_eq!(numbers(&row("by_role", "role", json!("bcba"))), [3, 2, 0, 0, 0, 0, 1]);
    assert_eq!(numbers(&row("by_validity", "days", json!(30))), [6, 0, 1, 1, 1, 1, 2]);
    assert_eq!(numbers(&row("by_validity", "days", json!(2))), [2, 2, 0, 0, 0, 0, 0]);
    assert_eq!(numbers(&row("by_inviter", "inviter_id", json!(org.manager.id))), [1, 0, 1, 0, 0, 0, 0]);
    let of_batch = row("batches", "batch_id", batch["batch_id"].clone());
    assert_eq!((numbers(&of_batch), &of_batch["acceptance_rate"]), ([2, 2, 0, 0, 0, 0, 0], &Value::Null));
    let ending = column(&json!({"data": seen["ending_soon"]}), "batch_id");
    assert_eq!(ending, [text(&batch, "batch_id"), text(&batch, "batch_id")]);
    let lately = read(&format!("?since={}", written(from)));
    assert_eq!(numbers(&lately["counts"]), [3, 2, 0, 0, 0, 0, 1]);
}

#[test]
fn revoking_or_deleting_and_inviting_again_sends_no_second_mail() {
    let own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let (owner, email) = (&org.owner.client, stranger());
    let body = json!({"email": email, "roles": ["rbt"]});
    let made = owner.post(&org.path("/invitations"), body.clone()).expect(201);
    let path = org.path(&format!("/invitations/{}", text(&made, "id")));
    own.mailbox().wait_for(&email, "invites you");
    owner.post_empty(&format!("{path}/revoke")).expect(200);
    owner.delete(&path).expect(204);
    let refused = owner.post(&org.path("/invitations"), body.clone());
    let wait: u64 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    refused.refused(429, "too_many_attempts");
    // In a batch this concerns this address alone.
    let batch = json!({"emails": [email, stranger()], "roles": ["rbt"]});
    let done = owner.post(&org.path("/invitation-batches"), batch).expect(200);
    let codes = [0, 1].map(|row| done["results"][row]["problem"]["code"].clone());
    assert_eq!(codes, [json!("too_many_attempts"), Value::Null], "{done}");
    own.wait_until_mail_is_idle();
    assert_eq!(own.mailbox().about(&email, "invites you").len(), 1);
    // Another member may, and the inviter after a quarter of an hour.
    own.end_mail_pauses();
    owner.post(&org.path("/invitations"), body).expect(201);
}

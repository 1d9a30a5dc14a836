//! Delivery to mail servers with TLS, and to slow or refusing ones (S001-16): retries, bounces and
//! suppression.

use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::fixtures::{instant, written};
use super::helpers::{reply, text};
use crate::harness::{
    Behavior, Door, Org, OwnServer, POST_OFFICE_PASSWORD, Person, PostOffice, SecurePostOffice, unique,
};

/// A silent server is given 40 seconds.
const TIMEOUT: Duration = Duration::from_secs(90);
const WRONG_PASSWORD: &str = "torn-envelope-6";
/// Maximum number of attempts: the delays between them grow from a minute to a day.
const TRIES: i64 = 8;

/// The new account of a member, who is notified of it by mail.
struct Newcomer {
    id: String,
    email: String,
    token: String,
}

impl Newcomer {
    fn at(org: &Org) -> Self {
        let email = format!("{}@else.example", unique("sam"));
        let body = json!({ "email": email, "name": "Sam Field", "roles": ["rbt"] });
        let made = org.owner.client.post(&org.path("/members"), body).expect(201);
        Self { id: text(&made, "user_id"), email, token: org.handed_over(&made) }
    }

    /// The mail as the log shows it, once it is in this state.
    fn mail(&self, server: &OwnServer, is_so: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/users/{}/mail-log?purpose=Check&limit=100", self.id);
        let start = Instant::now();
        loop {
            let log = server.platform_owner().client.get(&path).expect(200);
            let mut mails = log["data"].as_array().unwrap().iter();
            let mail = mails.find(|mail| mail["kind"] == "new_account").unwrap();
            if is_so(mail) {
                return mail.clone();
            }
            assert!(start.elapsed() < TIMEOUT, "{mail}\n{}", server.log());
            sleep(Duration::from_millis(200));
        }
    }
}

fn was_tried(mail: &Value) -> bool {
    mail["last_error"].is_string()
}

fn is(status: &str) -> impl Fn(&Value) -> bool {
    move |mail| mail["status"] == status
}

/// Status and number of attempts.
fn state(mail: &Value) -> (&str, i64) {
    (mail["status"].as_str().unwrap(), mail["attempts"].as_i64().unwrap())
}

fn times_taken(office: &PostOffice, email: &str) -> usize {
    office.taken().iter().filter(|mail| mail.to == email).count()
}

#[test]
fn mail_goes_out_behind_tls_and_after_a_log_in() {
    for door in [Door::StartTls, Door::Closed] {
        let office = SecurePostOffice::open(door);
        let url = office.url(POST_OFFICE_PASSWORD);
        let server = OwnServer::start_trusting(&office.certificate, &["--smtp-url", &url]);
        let sam = Newcomer::at(&Org::on(server.platform_owner()));
        let mail = office.wait_for(&sam.email);
        assert_ne!(mail.token(), sam.token, "{door:?}");
        Person::set_up(&server.client(), &mail.token(), "Sam Field");
        sam.mail(&server, is("sent"));
        assert!(office.log_ins().contains(&true), "{door:?}");
        assert!(!server.log().contains(POST_OFFICE_PASSWORD), "{door:?}");
    }
}

#[test]
fn with_a_wrong_password_mail_is_deferred_and_the_password_not_revealed() {
    let office = SecurePostOffice::open(Door::StartTls);
    let url = office.url(WRONG_PASSWORD);
    let server =
        OwnServer::start_trusting(&office.certificate, &["--smtp-url", &url, "--log", "debug,rustls=trace"]);
    let sam = Newcomer::at(&Org::on(server.platform_owner()));
    let mail = sam.mail(&server, was_tried);
    assert_eq!(state(&mail), ("queued", 1));
    assert_eq!(mail["last_error"], "the mail server answered 535");
    assert!(!office.log_ins().is_empty() && !office.log_ins().contains(&true), "{:?}", office.log_ins());
    assert!(office.taken().is_empty());
    let sent = STANDARD.encode(format!("\0steward\0{WRONG_PASSWORD}"));
    for secret in [WRONG_PASSWORD, &sent, &sam.token] {
        assert!(!server.log().contains(secret), "{secret} is in the log");
    }
}

#[test]
fn neither_password_nor_mail_is_sent_to_an_untrusted_server() {
    for door in [Door::StartTls, Door::Closed] {
        let office = SecurePostOffice::open(door);
        let server = OwnServer::start(&["--smtp-url", &office.url(POST_OFFICE_PASSWORD)]);
        let sam = Newcomer::at(&Org::on(server.platform_owner()));
        let mail = sam.mail(&server, was_tried);
        assert_eq!(state(&mail), ("queued", 1), "{door:?}");
        assert_eq!(mail["last_error"], "no trusted connection to the mail server", "{door:?}");
        assert!(office.log_ins().is_empty() && office.taken().is_empty(), "{door:?}");
    }
}

#[test]
fn where_tls_is_required_a_server_without_it_gets_nothing() {
    let office = PostOffice::open(Behavior::Kind);
    let url = format!("{}?tls=required", office.url);
    let server = OwnServer::start(&["--smtp-url", &url]);
    let sam = Newcomer::at(&Org::on(server.platform_owner()));
    assert_eq!(state(&sam.mail(&server, was_tried)), ("queued", 1));
    assert!(office.taken().is_empty());
}

#[test]
fn a_server_that_hangs_gets_the_mail_once_at_the_next_attempt() {
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    server.wait_until_mail_is_idle();
    office.turn(Behavior::Hanging);
    let sam = Newcomer::at(&org);
    let hung = sam.mail(&server, was_tried);
    assert_eq!(state(&hung), ("queued", 1));
    assert_eq!(hung["last_error"], "the mail server does not respond");
    office.turn(Behavior::Kind);
    server.make_mail_due();
    office.wait_for(&sam.email);
    let sent = sam.mail(&server, is("sent"));
    assert_eq!((state(&sent), &sent["last_error"]), (("sent", 2), &Value::Null));
    assert!(sent["sent_at"].is_string(), "{sent}");
    sleep(Duration::from_secs(2));
    assert_eq!(times_taken(&office, &sam.email), 1);
}

#[test]
fn a_late_answer_is_not_taken_as_that_to_the_next_mail() {
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    server.wait_until_mail_is_idle();
    office.turn(Behavior::Late);
    let early = Newcomer::at(&org);
    early.mail(&server, was_tried);
    office.wait_for(&early.email);
    office.turn(Behavior::FailingHalfWay);
    let next = Newcomer::at(&org);
    let refused = next.mail(&server, |mail| was_tried(mail) || mail["status"] != "queued");
    assert_eq!(state(&refused), ("queued", 1), "nobody has it: {refused}");
    assert_eq!(refused["last_error"], "the mail server answered 421");
    office.turn(Behavior::Kind);
    server.make_mail_due();
    office.wait_for(&next.email);
}

#[test]
fn a_permanently_refused_recipient_bounces_and_is_not_retried() {
    let office = PostOffice::open(Behavior::Refusing);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let sam = Newcomer::at(&org);
    let mail = sam.mail(&server, is("bounced"));
    assert_eq!(state(&mail), ("bounced", 1));
    assert_eq!(mail["last_error"], "the mail server answered 550");
    assert!(mail["sent_at"].is_null(), "{mail}");
    office.turn(Behavior::Kind);
    server.sql("UPDATE mails SET due_at = created_at");
    // Each of these is sent in a round of its own.
    for _ in 0..3 {
        office.wait_for(&Newcomer::at(&org).email);
    }
    assert_eq!((office.refusals(&sam.email), times_taken(&office, &sam.email)), (1, 0));
    assert_eq!(sam.mail(&server, |_| true), mail);
}

#[test]
fn semantics_43_optional_mails_are_suppressed_to_an_address_that_refuses_for_a_day() {
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let ticket = org.ticket(&org.rbt);
    server.wait_until_mail_is_idle();
    let log = || {
        let path = format!("/users/{}/mail-log?purpose=Check&limit=100", org.rbt.id);
        server.platform_owner().client.get(&path).expect(200)["data"].as_array().unwrap().clone()
    };
    let answer = || {
        reply(&org, &org.manager, &ticket, "We look into it.").expect(201);
        server.wait_until_mail_is_idle();
        let mail = log().into_iter().find(|mail| mail["kind"] == "new_reply").unwrap();
        (text(&mail, "status"), mail["last_error"].clone())
    };
    let let_pass = |time: TimeDelta| {
        for mail in log() {
            let (then, earlier) = (text(&mail, "created_at"), written(instant(&mail["created_at"]) - time));
            server.sql(&format!("UPDATE mails SET created_at = '{earlier}' WHERE created_at = '{then}'"));
        }
    };
    assert_eq!(answer(), ("sent".to_owned(), Value::Null));
    office.turn(Behavior::Refusing);
    assert_eq!((answer().0, answer().0), ("bounced".to_owned(), "bounced".to_owned()), "once is no habit");
    let_pass(TimeDelta::hours(25));
    assert_eq!(answer().0, "bounced");
    office.turn(Behavior::Kind);
    let why = "mail servers keep refusing mail to its address";
    assert_eq!(answer(), ("suppressed".to_owned(), json!(why)));
    // Mails that give access are sent all the same. Once one arrives, optional mails are sent again, too.
    server.client().post("/password-resets", json!({"email": org.rbt.email})).expect(202);
    server.wait_for_sql("SELECT count(*) FROM mails WHERE kind = 'reset_password' AND status = 'sent'", "1");
    assert_eq!(answer().0, "sent");
    office.turn(Behavior::Refusing);
    answer();
    let_pass(TimeDelta::hours(25));
    answer();
    office.turn(Behavior::Kind);
    assert_eq!(answer().0, "suppressed");
    let_pass(TimeDelta::days(30));
    assert_eq!(answer().0, "sent", "after thirty days it is tried again");
}

#[test]
fn s000_7_s001_16_a_final_failure_is_in_the_mail_log_of_the_member_and_not_retried() {
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    server.wait_until_mail_is_idle();
    office.turn(Behavior::FailingHalfWay);
    let sam = Newcomer::at(&org);
    let path = org.path(&format!("/members/{}/mail-log?purpose=Check", sam.id));
    let told = || org.owner.client.get(&path).expect(200)["data"][0].clone();
    for tried in 1..=TRIES {
        let is_over = format!(
            "SELECT count(*) FROM mails \
             WHERE email = '{}' AND attempts = {tried} AND leased_until IS NULL",
            sam.email
        );
        server.wait_for_sql(&is_over, "1");
        let mail = told();
        assert_eq!(state(&mail), (if tried < TRIES { "queued" } else { "failed" }, tried), "{mail}");
        server.make_mail_due();
    }
    let failed = told();
    assert_eq!((&failed["kind"], &failed["email"]), (&json!("new_account"), &json!(sam.email)));
    assert_eq!(failed["last_error"], "the mail server answered 421");
    assert!(failed["sent_at"].is_null(), "{failed}");
    let refusals = office.refusals(&sam.email);
    office.turn(Behavior::Kind);
    server.sql("UPDATE mails SET due_at = created_at");
    // Each of these is sent in a round of its own.
    for _ in 0..3 {
        office.wait_for(&Newcomer::at(&org).email);
    }
    assert_eq!((office.refusals(&sam.email), times_taken(&office, &sam.email)), (refusals, 0));
    assert_eq!(told(), failed);
}

#[test]
fn semantics_37_the_mail_of_a_suspended_invitation_is_deferred() {
    let office = PostOffice::open(Behavior::Suspicious);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let invited = format!("{}@else.example", unique("guest"));
    let body = json!({ "email": invited, "roles": ["rbt"] });
    org.manager.client.post(&org.path("/invitations"), body).expect(201);
    office.wait_for_refusal(&invited);
    server.wait_until_mail_is_idle();
    org.suspend(&org.manager);
    office.turn(Behavior::Kind);
    let deferred = format!("SELECT attempts FROM mails WHERE email = '{invited}' AND leased_until IS NULL");
    for _ in 0..=TRIES {
        let waits = format!(
            "SELECT count(*) FROM mails WHERE email = '{invited}' AND leased_until IS NULL \
             AND due_at > created_at AND last_error = 'the inviter is suspended'"
        );
        server.make_mail_due();
        server.wait_for_sql(&waits, "1");
    }
    assert_eq!(server.sql(&deferred), "1", "only what was tried counts");
    org.reactivate(&org.manager);
    server.make_mail_due();
    office.wait_for(&invited);
}

#[test]
fn an_obsolete_mail_is_not_sent() {
    let office = PostOffice::open(Behavior::Suspicious);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let (org, platform) = (Org::on(server.platform_owner()), &server.platform_owner().client);
    let [arrived, leaving] = [(), ()].map(|()| Newcomer::at(&org));
    let invited = format!("{}@else.example", unique("guest"));
    let body = json!({ "email": invited, "roles": ["rbt"] });
    let invitation = org.owner.client.post(&org.path("/invitations"), body).expect(201);
    for email in [&arrived.email, &leaving.email, &invited] {
        office.wait_for_refusal(email);
    }
    server.wait_until_mail_is_idle();
    office.turn(Behavior::Kind);

    // With the correct address, another link is sent.
    let right = json!({ "email": format!("{}@else.example", unique("sam")), "reason": "Misspelt." });
    platform.patch(&format!("/users/{}", arrived.id), right).expect(200);
    let body = json!({
        "identity_method": "call_back", "retention_notice_version": 1,
        "is_confirmed": true, "reason": "Asked for."
    });
    platform.post(&format!("/users/{}/schedule-deletion", leaving.id), body).expect(202);
    let revoke = org.path(&format!("/invitations/{}/revoke", text(&invitation, "id")));
    org.owner.client.post_empty(&revoke).expect(200);
    server.make_mail_due();

    let mail = leaving.mail(&server, |mail| mail["status"] != "queued");
    assert_eq!((state(&mail), &mail["sent_at"]), (("suppressed", 2), &Value::Null), "{mail}");
    let left =
        "SELECT count(*) FROM mails WHERE kind = 'new_account' AND status = 'suppressed' AND attempts = 2";
    server.wait_for_sql(left, "2");
    server.wait_for_sql("SELECT status, attempts FROM mails WHERE kind = 'invitation'", "suppressed|2");
    assert!(office.wait_for(&leaving.email).subject.contains("will be deleted"));
    let taken = [&arrived.email, &leaving.email, &invited].map(|email| times_taken(&office, email));
    assert_eq!(taken, [0, 1, 0]);
}

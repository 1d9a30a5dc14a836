//! Mail delivery (S001-16): saved until a server accepts it, sent once, and without secrets.

use serde_json::json;

use crate::harness::{Behavior, Org, OwnServer, PostOffice, unique};

fn invite(org: &Org) -> String {
    let email = format!("{}@else.example", unique("sam"));
    let body = json!({ "email": email, "name": "Sam Field", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/members"), body).expect(201);
    email
}

#[test]
fn s003_27_the_mail_of_a_new_account_has_four_steps_and_a_valid_link() {
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url, "--public-url", "https://support.example"]);
    let org = Org::on(server.platform_owner());
    let email = invite(&org);
    let mail = office.wait_for(&email);
    for words in [
        "Sam Field",
        &email,
        "Lakeside Therapy",
        "1. ",
        "4. ",
        "https://support.example/pages/account-setup#token=",
    ] {
        assert!(mail.text.contains(words), "{words} is not in {}", mail.text);
    }
    assert!(mail.html.contains("<html lang=\"en\">"), "{}", mail.html);
    let body = json!({ "token": mail.token(), "name": "Sam Field", "password": crate::harness::PASSWORD });
    server.client().post("/account-setups", body).expect(201);
    assert!(!server.log().contains(&mail.token()) && !server.log().contains(&email), "{}", server.log());
}

#[test]
fn s001_16_after_a_failure_halfway_or_at_the_log_in_the_mail_is_sent_again_and_accepted_once() {
    let offices = [Behavior::FailingHalfWay, Behavior::Suspicious].map(PostOffice::open);
    let servers = offices.each_ref().map(|office| OwnServer::start(&["--smtp-url", &office.url]));
    let emails = servers.each_ref().map(|server| invite(&Org::on(server.platform_owner())));
    for (office, email) in offices.iter().zip(&emails) {
        office.wait_for_refusal(email);
        office.accept_mail();
        assert!(office.taken().iter().all(|mail| mail.to != *email));
    }
    // The first delay is a minute.
    std::thread::sleep(std::time::Duration::from_secs(62));
    for (office, email) in offices.iter().zip(&emails) {
        office.wait_for(email);
        assert_eq!(office.taken().iter().filter(|mail| mail.to == *email).count(), 1);
    }
}

#[test]
fn s001_16_a_permanent_refusal_is_not_retried_and_a_silent_server_delays_nothing() {
    let office = PostOffice::open(Behavior::Refusing);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let email = invite(&org);
    office.wait_for_refusal(&email);
    drop(server);

    let silent = PostOffice::open(Behavior::Hanging);
    let server = OwnServer::start(&["--smtp-url", &silent.url]);
    let org = Org::on(server.platform_owner());
    invite(&org);
    silent.wait_for_a_caller();
    org.ticket(&org.rbt);
    invite(&org);
}

#[test]
fn queued_mails_survive_the_end_of_the_process() {
    let office = PostOffice::open(Behavior::Kind);
    let mut server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let emails: Vec<String> = (0..5).map(|_| invite(&org)).collect();
    server.kill();
    server.restart();
    emails.iter().for_each(|email| drop(office.wait_for(email)));
}

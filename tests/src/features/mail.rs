//! Mail on its way (S001-16): kept until a server takes it, sent once, and silent about secrets.

use serde_json::json;

use crate::harness::{Org, OwnServer, PostOffice, Temper, unique};

fn invite(org: &Org) -> String {
    let email = format!("{}@else.example", unique("sam"));
    let body = json!({ "email": email, "name": "Sam Field", "roles": ["rbt"] });
    org.owner.client.post(&org.path("/members"), body).expect(201);
    email
}

#[test]
fn s003_27_a_new_account_is_told_of_with_four_steps_and_a_link_that_works() {
    let office = PostOffice::open(Temper::Kind);
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
fn s001_16_a_server_that_fails_half_way_or_wants_another_log_in_gets_the_mail_again_and_takes_it_once() {
    let offices = [Temper::FailingHalfWay, Temper::Suspicious].map(PostOffice::open);
    let servers = offices.each_ref().map(|office| OwnServer::start(&["--smtp-url", &office.url]));
    let emails = servers.each_ref().map(|server| invite(&Org::on(server.platform_owner())));
    for (office, email) in offices.iter().zip(&emails) {
        office.wait_for_refusal(email);
        office.become_kind();
        assert!(office.taken().iter().all(|mail| mail.to != *email));
    }
    // The first wait is a minute.
    std::thread::sleep(std::time::Duration::from_secs(62));
    for (office, email) in offices.iter().zip(&emails) {
        office.wait_for(email);
        assert_eq!(office.taken().iter().filter(|mail| mail.to == *email).count(), 1);
    }
}

#[test]
fn s001_16_a_refusal_for_good_is_not_tried_again_and_a_silent_server_holds_up_nothing() {
    let office = PostOffice::open(Temper::Refusing);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let email = invite(&org);
    office.wait_for_refusal(&email);
    drop(server);

    let silent = PostOffice::open(Temper::Hanging);
    let server = OwnServer::start(&["--smtp-url", &silent.url]);
    let org = Org::on(server.platform_owner());
    invite(&org);
    silent.wait_for_a_caller();
    org.ticket(&org.rbt);
    invite(&org);
}

#[test]
fn what_waits_survives_the_end_of_the_process() {
    let office = PostOffice::open(Temper::Kind);
    let mut server = OwnServer::start(&["--smtp-url", &office.url]);
    let org = Org::on(server.platform_owner());
    let emails: Vec<String> = (0..5).map(|_| invite(&org)).collect();
    server.kill();
    server.restart();
    emails.iter().for_each(|email| drop(office.wait_for(email)));
}

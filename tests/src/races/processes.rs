//! Two processes on one PostgreSQL: each piece of work is done once. SQLite belongs to one process.

use std::thread::sleep;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::harness::{Behavior, Client, Org, OwnServer, PASSWORD, Person, PostOffice, is_postgres, unique};

/// Mails to an address whose subject contains these words.
fn mails(office: &PostOffice, email: &str, words: &str) -> usize {
    office.taken().iter().filter(|mail| mail.to == email && mail.subject.contains(words)).count()
}

#[test]
fn two_processes_do_each_piece_of_work_once() {
    if !is_postgres() {
        return;
    }
    let office = PostOffice::open(Behavior::Kind);
    let server = OwnServer::start(&["--smtp-url", &office.url]);
    let owner = server.platform_owner();
    let org = Org::on(owner);
    let second = server.second();
    let elsewhere = Client { base: second.base.clone(), token: org.owner.client.token.clone() };
    elsewhere.get(&org.path("/members")).expect(200);

    let emails: Vec<String> = (0..40).map(|_| format!("{}@twice.example", unique("mail"))).collect();
    for (number, email) in emails.iter().enumerate() {
        let by = if number % 2 == 0 { &org.owner.client } else { &elsewhere };
        let body = json!({ "email": email, "name": "Ned New", "roles": ["rbt"] });
        by.post(&org.path("/members"), body).expect(201);
    }
    let people: Vec<Person> = (0..8).map(|_| org.add_member(&["rbt"], &[], None)).collect();
    let now = org.ticket(&org.rbt)["created_at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let until = (now + TimeDelta::seconds(15)).to_rfc3339();
    for person in &people {
        let path = org.path(&format!("/members/{}/suspend", person.id));
        elsewhere.post(&path, json!({ "reason": "To cool down.", "until": until })).expect(200);
    }
    emails.iter().for_each(|email| drop(office.wait_for(email)));
    for _ in 0..400 {
        if people.iter().all(|person| mails(&office, &person.email, "account is active") > 0) {
            break;
        }
        sleep(Duration::from_millis(100));
    }
    // A duplicate would have happened by now.
    sleep(Duration::from_secs(7));
    for email in &emails {
        assert_eq!(mails(&office, email, ""), 1, "{email}");
    }
    for person in &people {
        assert_eq!(mails(&office, &person.email, "account is active"), 1, "{}", person.email);
        let path = org.path(&format!("/members/{}/support-history?purpose=Check", person.id));
        let known = org.owner.client.get(&path).expect(200);
        let kinds: Vec<&str> =
            known["data"].as_array().unwrap().iter().filter_map(|event| event["kind"].as_str()).collect();
        assert_eq!(kinds, ["member_suspended", "setup_link_fetched", "member_added"], "{}", person.email);
        elsewhere.logged_in(&person.email, PASSWORD).get(&org.path("/tickets")).expect(200);
    }
}

//! The number of statements of an operation does not depend on the amount of data.

use serde_json::{Value, json};

use super::requests::id_of;
use crate::harness::{Client, Org, OwnServer, PASSWORD, platform_owner, statements_sent, unique};

const FEW: usize = 2;
const MANY: usize = 25;
/// Background jobs send statements now and then; the minimum of this many tries is the operation's number.
const TRIES: usize = 6;

/// A request: its name, its caller and its path.
struct Question {
    name: &'static str,
    client: Client,
    path: String,
}

fn question(name: &'static str, client: &Client, path: String) -> Question {
    Question { name, client: client.clone(), path }
}

#[test]
fn the_number_of_statements_is_constant() {
    let server = OwnServer::start(&[]);
    let owner = server.platform_owner();
    let org = Org::on(owner);
    let ticket = org.ticket_with(&org.rbt, json!({ "attachment_ids": files(&org, 1) })).expect(201);
    let at = org.path(&format!("/tickets/{}", id_of(&ticket)));
    let (manager, rbt) = (&org.manager.client, &org.rbt.client);
    let questions = [
        question("list_tickets", manager, org.path("/tickets?limit=100&include_total=true")),
        question("list_tickets, searched", manager, org.path("/tickets?limit=100&q=tablet")),
        question("list_tickets, as their requester", rbt, org.path("/tickets?limit=100")),
        question("get_ticket", manager, at.clone()),
        question("get_ticket, as its requester", rbt, at.clone()),
        question("list_messages", manager, format!("{at}/messages?limit=100")),
        question("list_messages, as the requester", rbt, format!("{at}/messages?limit=100")),
        question("list_ticket_events", manager, format!("{at}/events?limit=100")),
        question("get_ticket_summary", manager, org.path("/me/ticket-summary")),
        question("get_ticket_summary, as a requester", rbt, org.path("/me/ticket-summary")),
        question("get_me", manager, "/me".to_owned()),
        question("list_members", manager, org.path("/members?limit=100")),
        question("list_locations", manager, org.path("/locations?limit=100")),
        question("list_categories", manager, org.path("/categories?limit=100")),
        question("list_roles", manager, org.path("/roles?limit=100")),
        question("get_ticket_form", rbt, org.path("/ticket-form")),
        question("list_orgs", &owner.client, "/orgs?limit=100".to_owned()),
        question("list_my_sessions", manager, "/me/sessions?limit=100".to_owned()),
    ];
    grow(&server, &org, &at, FEW);
    let few: Vec<u64> = questions.iter().map(|question| statements(&server, question)).collect();
    grow(&server, &org, &at, MANY);
    let many: Vec<u64> = questions.iter().map(|question| statements(&server, question)).collect();
    for ((question, few), many) in questions.iter().zip(&few).zip(&many) {
        assert!(*few > 0, "{} sends statements, and they are counted", question.name);
        assert_eq!(
            few, many,
            "{} sends {few} statements in a small world and {many} in a large one",
            question.name
        );
    }
}

/// Adds this many of everything that the requests read.
fn grow(server: &OwnServer, org: &Org, ticket: &str, by: usize) {
    let owner = &org.owner.client;
    for _ in 0..by {
        let name = unique("grown");
        let filed = org.ticket_with(&org.rbt, json!({ "attachment_ids": files(org, 2) })).expect(201);
        let reply =
            json!({ "body": "We look into the tablet.", "visibility": "public", "attachment_ids": [] });
        org.manager
            .client
            .post(&org.path(&format!("/tickets/{}/messages", id_of(&filed))), reply)
            .expect(201);
        let note =
            json!({ "body": "Again.", "visibility": "internal", "attachment_ids": files_of_manager(org) });
        org.manager.client.post(&format!("{ticket}/messages"), note).expect(201);
        let reply =
            json!({ "body": "It still is black.", "visibility": "public", "attachment_ids": files(org, 1) });
        org.rbt.client.post(&format!("{ticket}/messages"), reply).expect(201);
        let location = owner.post(&org.path("/locations"), json!({ "name": name })).expect(201);
        owner
            .post(&org.path("/categories"), json!({ "key": name.replace('-', "_"), "name": name }))
            .expect(201);
        let email = format!("{name}@grown.example");
        let member = json!({ "email": email, "name": "Gro Grown", "roles": ["rbt", "bcba"], "location_ids": [location["id"]] });
        owner.post(&org.path("/members"), member).expect(201);
        give_locations(org, &location);
        let admin = json!({ "email": email, "name": "Gro Grown" });
        let other = json!({ "name": "Grown", "slug": name, "first_admin": admin });
        let other = server.platform_owner().client.post("/orgs", other).expect(201);
        assert!(id_of(&other) != org.id);
        server.client().logged_in(&org.manager.email, PASSWORD);
    }
    join_another(server, org, by);
    // The growth has no further effect after this; only the jobs go on looking for work.
    server.wait_until_mail_is_idle();
}

/// Gives the manager and the requester one more location.
fn give_locations(org: &Org, location: &Value) {
    for person in [&org.manager, &org.rbt] {
        let path = org.path(&format!("/members/{}", person.id));
        let mut locations =
            org.owner.client.get(&path).expect(200)["location_ids"].as_array().expect("a list").clone();
        locations.push(location["id"].clone());
        org.owner.client.patch(&path, json!({ "location_ids": locations })).expect(200);
    }
}

/// Makes the manager a member of further organizations, so that `get_me` returns more.
fn join_another(server: &OwnServer, org: &Org, by: usize) {
    for _ in 0..by.min(5) {
        let slug = unique("joined");
        let admin = json!({ "email": org.manager.email, "name": "Mona Manager" });
        let other = json!({ "name": "Joined", "slug": slug, "first_admin": admin });
        server.platform_owner().client.post("/orgs", other).expect(201);
    }
}

fn files(org: &Org, number: usize) -> Vec<String> {
    (0..number).map(|_| upload(&org.rbt.client, org)).collect()
}

fn files_of_manager(org: &Org) -> Vec<String> {
    vec![upload(&org.manager.client, org)]
}

fn upload(client: &Client, org: &Org) -> String {
    id_of(&client.upload(&org.id, "grown.txt", "text/plain", b"A few words.").expect(201)).to_owned()
}

/// Number of statements for one answer.
fn statements(server: &OwnServer, question: &Question) -> u64 {
    let counts = (0..TRIES).map(|_| {
        let before = server.statements_sent();
        question.client.get(&question.path).expect(200);
        server.statements_sent() - before
    });
    counts.min().unwrap_or_default()
}

#[test]
fn a_server_that_stops_has_saved_what_it_acknowledged() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let ticket = org.ticket(&org.rbt);
    let path = org.path(&format!("/tickets/{}", id_of(&ticket)));
    server.kill();
    server.restart();
    assert_eq!(org.rbt.client.get(&path).expect(200), ticket, "after SIGKILL");
    assert_eq!(server.terminate(), 0, "the exit code after SIGTERM: {}", server.log());
    server.restart();
    assert_eq!(org.rbt.client.get(&path).expect(200), ticket, "after SIGTERM");
}

#[test]
fn statements_are_counted_for_operators() {
    let before = statements_sent();
    platform_owner().client.get("/me").expect(200);
    assert!(statements_sent() > before, "a log-in is looked up in the database");
}

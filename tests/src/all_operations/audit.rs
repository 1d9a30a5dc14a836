//! S001-44: acts of staff on people are recorded with their actor, and nobody changes the record.

use super::requests::{Stage, request};
use crate::harness::document::{Operation, document};
use crate::harness::{Org, Person, platform_owner};

/// A purged account has no history to read.
const APART: [&str; 1] = ["purge_user"];

#[test]
fn s001_44_every_act_of_staff_on_a_person_is_recorded_with_its_actor() {
    let org = Org::new();
    let mut walked = 0;
    for operation in document().operations.values().filter(|operation| acts_on_a_person(operation)) {
        let by = if operation.path.contains("{org_id}") { &org.owner } else { platform_owner() };
        let request = request(operation, "", &Stage { org: &org, caller: Some(by), is_filer: true });
        let person = person_in(&operation.path, &request.path);
        let before = done_by(by, &person);
        let reply = request.send(&by.client);
        assert!(reply.status < 300, "{}: {reply}", operation.id);
        assert!(done_by(by, &person) > before, "{} leaves no trace", operation.id);
        walked += 1;
    }
    assert!(walked > 20, "only {walked} operations were walked");
}

#[test]
fn s001_44_records_are_read_only() {
    let records = ["/activity", "/accesses", "/log-ins", "/support-history", "/events", "/mail-log"];
    for operation in document().operations.values() {
        let is_record = records.iter().any(|end| operation.path.contains(end));
        assert!(!is_record || operation.method == "GET", "{}", operation.id);
    }
}

fn acts_on_a_person(operation: &Operation) -> bool {
    let path = &operation.path;
    let on_a_person = path.contains("/users/{user_id}") || path.contains("/members/{user_id}");
    on_a_person && operation.method != "GET" && !APART.contains(&operation.id.as_str())
}

/// The id in `path` at the place of `{user_id}`.
fn person_in(pattern: &str, path: &str) -> String {
    let pattern = pattern.strip_prefix("/api/v1").expect("an operation of the API");
    let place = pattern.split('/').position(|part| part == "{user_id}").expect("a person in the path");
    path.split('/').nth(place).expect("as many parts").split('?').next().unwrap_or_default().to_owned()
}

/// How many acts of this actor the history of an account shows to the platform owner: among what became of the account,
/// and among the accesses. To look at either is recorded as well, and not counted.
fn done_by(actor: &Person, person: &str) -> usize {
    let lists = ["activity", "accesses"].map(|list| {
        let path = format!("/users/{person}/{list}?purpose=Audit&limit=100");
        let page = platform_owner().client.get(&path).expect(200);
        let events = page["data"].as_array().into_iter().flatten();
        events.filter(|event| event["actor_id"] == *actor.id && event["kind"] != "data_read").count()
    });
    lists.into_iter().sum()
}

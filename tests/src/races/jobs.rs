//! Two processes that start on one PostgreSQL with the same due work: each piece of it is done once.

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::concurrently::together;
use crate::harness::{Behavior, Client, Org, OwnServer, Person, PostOffice, is_postgres, unique};

const EACH: usize = 10;
const FILES: usize = 60;
const TIMEOUT: Duration = Duration::from_secs(30);

/// Mails to an address whose subject contains these words.
fn mails(office: &PostOffice, email: &str, words: &str) -> usize {
    office.taken().iter().filter(|mail| mail.to == email && mail.subject.contains(words)).count()
}

/// The logs of both.
fn log_of_both(server: &OwnServer) -> String {
    fs::read_to_string(server.data_dir().with_file_name("second-log")).unwrap()
}

#[test]
fn two_processes_lift_delete_remind_and_notify_once() {
    if !is_postgres() {
        return;
    }
    let office = PostOffice::open(Behavior::Kind);
    let mut server = OwnServer::start(&["--smtp-url", &office.url]);
    let platform = server.platform_owner().client.clone();
    let org = Org::on(server.platform_owner());
    let people =
        || (0..EACH).map(|_| org.add_member(&["rbt"], &[&org.downtown], None)).collect::<Vec<Person>>();
    let (suspended, leaving, readers) = (people(), people(), people());
    for person in &readers {
        person.client.patch("/me", json!({ "digest_time": person.in_hours(12) })).expect(200);
        for _ in 0..2 {
            org.ticket_with(&org.manager, json!({ "on_behalf_of": person.id })).expect(201);
        }
    }
    for person in &suspended {
        let body = json!({ "reason": "To cool down.", "until": "2036-01-01T00:00:00Z" });
        platform.post(&format!("/users/{}/suspend", person.id), body).expect(200);
    }
    for person in &leaving {
        let body = json!({
            "identity_method": "call_back", "retention_notice_version": 1,
            "is_confirmed": true, "reason": "Asked for."
        });
        platform.post(&format!("/users/{}/schedule-deletion", person.id), body).expect(202);
    }
    let invited: Vec<String> = (0..EACH).map(|_| format!("{}@due.example", unique("guest"))).collect();
    let body = json!({ "emails": invited, "roles": ["rbt"] });
    org.owner.client.post(&org.path("/invitation-batches"), body).expect(200);
    server.wait_until_mail_is_idle();

    server.kill();
    server.sql("UPDATE users SET suspended_until = created_at WHERE suspended_until IS NOT NULL");
    server.sql("UPDATE users SET deletion_due_at = created_at WHERE deletion_due_at IS NOT NULL");
    let earlier =
        "created_at = created_at - interval '28 days', valid_until = valid_until - interval '28 days'";
    server.sql(&format!("UPDATE invitations SET {earlier}"));
    server.sql("UPDATE mails SET due_at = created_at WHERE is_for_digest");
    let both = together(2, |_| server.second());

    let told = |people: &[Person], words: &'static str| {
        people.iter().map(|person| (person.email.clone(), words)).collect::<Vec<_>>()
    };
    let reminded = invited.iter().map(|email| (email.clone(), "Reminder"));
    let expected: Vec<(String, &str)> = told(&suspended, "account is active")
        .into_iter()
        .chain(told(&leaving, "has been deleted"))
        .chain(told(&readers, "2 things that are new"))
        .chain(reminded)
        .collect();
    let start = Instant::now();
    while !expected.iter().all(|(email, words)| mails(&office, email, words) > 0) {
        assert!(start.elapsed() < TIMEOUT, "not everybody was told:\n{}", log_of_both(&server));
        sleep(Duration::from_millis(100));
    }
    // Each has looked for work once more: a duplicate would have happened by now.
    sleep(Duration::from_secs(7));
    for (email, words) in &expected {
        assert_eq!(mails(&office, email, words), 1, "{email}: {words}");
    }
    let look = Client { base: both[0].base.clone(), token: platform.token };
    for (people, kind, status) in
        [(&suspended, "account_reactivated", "active"), (&leaving, "account_deleted", "deleted")]
    {
        for person in people {
            let path = format!("/users/{}", person.id);
            assert_eq!(look.get(&path).expect(200)["status"], status);
            let known = look.get(&format!("{path}/activity?purpose=Check&limit=100")).expect(200);
            let events = known["data"].as_array().unwrap().iter();
            assert_eq!(events.filter(|event| event["kind"] == kind).count(), 1, "{known}");
        }
    }
    assert!(!log_of_both(&server).contains("job."), "{}", log_of_both(&server));
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn make_older(file: &Path, by: Duration) {
    let written = fs::metadata(file).unwrap().modified().unwrap();
    let times = FileTimes::new().set_modified(written - by);
    File::options().write(true).open(file).unwrap().set_times(times).unwrap();
}

#[test]
fn two_processes_sweep_unattached_files_and_nothing_else() {
    const CONTENT: &[u8] = b"Wanted for a day.";
    if !is_postgres() {
        return;
    }
    let mut server = OwnServer::start(&["--max-pending-files", "100"]);
    let org = Org::on(server.platform_owner());
    let upload = |name: &str| {
        let made = org.rbt.client.upload(&org.id, name, "text/plain", CONTENT).expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let forgotten: Vec<String> = (0..FILES).map(|number| upload(&format!("{number}.txt"))).collect();
    let [attached, young] = ["attached.txt", "young.txt"].map(upload);
    org.ticket_with(&org.rbt, json!({ "attachment_ids": [attached] })).expect(201);

    server.kill();
    server.sql(
        "UPDATE unattached_files SET due_at = due_at - interval '25 hours' \
         WHERE id <> (SELECT id FROM attachments WHERE filename = 'young.txt')",
    );
    let folder = server.data_dir().join("attachments");
    let stored = files_below(&folder);
    assert_eq!(stored.len(), FILES + 2);
    stored.iter().for_each(|file| make_older(file, Duration::from_secs(25 * 3600)));
    let both = together(2, |_| server.second());

    server.wait_for_sql("SELECT count(*) FROM attachments", "2");
    let start = Instant::now();
    while files_below(&folder).len() > 2 {
        assert!(start.elapsed() < TIMEOUT, "{}", log_of_both(&server));
        sleep(Duration::from_millis(100));
    }
    sleep(Duration::from_secs(1));
    let bytes = format!("SELECT stored_bytes FROM org_counters WHERE org_id = '{}'", org.id);
    assert_eq!(server.sql(&bytes), (2 * CONTENT.len()).to_string(), "each file is counted off once");
    let look = Client { base: both[1].base.clone(), token: org.rbt.client.token.clone() };
    let at = |id: &str| org.path(&format!("/attachments/{id}"));
    for id in &forgotten {
        look.get(&at(id)).refused(404, "not_found");
    }
    for id in [&attached, &young] {
        assert_eq!(look.get(&format!("{}/content", at(id))).bytes, CONTENT);
    }
    let log = log_of_both(&server);
    assert!(!log.contains("job.") && !log.contains("files.store"), "{log}");
}

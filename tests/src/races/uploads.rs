//! Many uploads at once, on PostgreSQL at two processes: together they respect each limit exactly.

use std::fs;

use super::concurrently::{only, together, with_status};
use crate::harness::{Client, Org, OwnServer, Person, Reply, is_postgres};

const AT_ONCE: usize = 30;
const SIZE: usize = 200_000;

/// Uploads at once, every second one at the other process if there is one.
fn upload_at_once(server: &OwnServer, org: &Org, by: impl Fn(usize) -> Person + Sync) -> Vec<Reply> {
    let second = is_postgres().then(|| server.second());
    let there = second.as_ref().map_or_else(|| server.base.clone(), |second| second.base.clone());
    together(AT_ONCE, |number| {
        let base = if number % 2 == 0 { server.base.clone() } else { there.clone() };
        let client = Client { base, ..by(number).client };
        client.upload(&org.id, "a.txt", "text/plain", &vec![b'a'; SIZE])
    })
}

/// As many rows and files as were answered with 201, and as many bytes.
fn assert_stored(server: &OwnServer, files: usize) {
    let stored = fs::read_dir(server.data_dir().join("attachments")).unwrap().count();
    assert_eq!(stored, files, "files");
    for table in ["attachments", "unattached_files"] {
        assert_eq!(server.sql(&format!("SELECT count(*) FROM {table}")), files.to_string(), "{table}");
    }
    let bytes = server.sql("SELECT sum(stored_bytes) FROM org_counters");
    assert_eq!(bytes, (files * SIZE).to_string(), "bytes");
}

#[test]
fn thirty_uploads_at_once_of_one_person_respect_the_limit_of_files() {
    let server = OwnServer::start(&["--max-pending-files", "10"]);
    let org = Org::on(server.platform_owner());
    let replies = upload_at_once(&server, &org, |_| org.rbt.clone());
    only(&replies, &[(201, ""), (422, "pending_files_exceeded")]);
    assert_eq!(with_status(&replies, 201).len(), 10);
    assert_stored(&server, 10);
}

#[test]
fn thirty_uploads_at_once_of_one_person_respect_the_limit_of_bytes() {
    let server = OwnServer::start(&["--max-pending-bytes", "1500000"]);
    let org = Org::on(server.platform_owner());
    let replies = upload_at_once(&server, &org, |_| org.rbt.clone());
    only(&replies, &[(201, ""), (422, "pending_bytes_exceeded")]);
    assert_eq!(with_status(&replies, 201).len(), 7);
    assert_stored(&server, 7);
}

#[test]
fn thirty_uploads_at_once_of_many_people_respect_the_limit_of_their_organization() {
    let server = OwnServer::start(&["--max-org-bytes", "1500000"]);
    let org = Org::on(server.platform_owner());
    let people = [&org.rbt, &org.rbt2, &org.manager, &org.owner, &org.bcba];
    let replies = upload_at_once(&server, &org, |number| people[number % people.len()].clone());
    only(&replies, &[(201, ""), (422, "quota_exceeded")]);
    assert_eq!(with_status(&replies, 201).len(), 7);
    assert_stored(&server, 7);
}

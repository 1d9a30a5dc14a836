//! Storage limits per person and organization, also for guests who joined by themselves, and the cleanup of
//! interrupted uploads.

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::wire::Wire;
use crate::harness::{Org, OwnServer, PASSWORD, Person, Reply, is_postgres, unique};

const SIZE: usize = 100_000;
const TIMEOUT: Duration = Duration::from_secs(30);
const LONG_AGO: &str = "'2020-01-01T00:00:00.000000Z'";

fn upload(org: &Org, by: &Person) -> Reply {
    by.client.upload(&org.id, "a.txt", "text/plain", &vec![b'a'; SIZE])
}

fn id(file: &Value) -> &str {
    file["id"].as_str().expect("a file")
}

/// Uploads until it is refused, and returns the files and the refusal.
fn uploads_until_refused(org: &Org, by: &Person) -> (Vec<Value>, Reply) {
    let mut files = Vec::new();
    loop {
        let reply = upload(org, by);
        if reply.status != 201 {
            return (files, reply);
        }
        files.push(reply.body);
        assert!(files.len() < 100, "never refused");
    }
}

fn attach(org: &Org, by: &Person, files: &[Value]) {
    let ids: Vec<&str> = files.iter().map(id).collect();
    org.ticket_with(by, json!({ "attachment_ids": ids })).expect(201);
}

fn delete(org: &Org, by: &Person, file: &Value) {
    by.client.delete(&org.path(&format!("/attachments/{}", id(file)))).expect(204);
}

fn folder(server: &OwnServer) -> PathBuf {
    server.data_dir().join("attachments")
}

fn stored(server: &OwnServer) -> usize {
    fs::read_dir(folder(server)).unwrap().count()
}

fn count(server: &OwnServer, table: &str) -> String {
    server.sql(&format!("SELECT count(*) FROM {table}"))
}

fn stored_bytes(server: &OwnServer) -> String {
    server.sql("SELECT sum(stored_bytes) FROM org_counters")
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < TIMEOUT, "{what}");
        sleep(Duration::from_millis(50));
    }
}

/// Registers somebody without an invitation.
fn register(server: &OwnServer) -> Person {
    let email = format!("{}@stranger.example", unique("gil"));
    let open = json!({ "requires_invitation": false });
    server.platform_owner().client.patch("/platform-settings", open).expect(200);
    let body = json!({ "email": email, "name": "Gil", "password": PASSWORD, "accepted_agreements": [] });
    server.client().post("/registrations", body).expect(202);
    let token = server.mailbox().wait_for(&email, "Confirm").token();
    let body = json!({ "token": token, "password": PASSWORD });
    server.client().post("/registrations/confirm", body).expect(204);
    let client = server.client().logged_in(&email, PASSWORD);
    let me = client.get("/me").expect(200);
    Person { id: me["id"].as_str().unwrap().to_owned(), email, client }
}

/// Makes a person a guest of an organization where anyone files requests.
fn enter(org: &Org, person: &Person) {
    org.owner.client.patch(&org.path(""), json!({ "ticket_openers": "anyone" })).expect(200);
    person.client.post("/me/guest-memberships", json!({ "org_slug": org.slug })).expect(201);
}

#[test]
fn one_member_does_not_fill_the_store_with_files_of_no_ticket() {
    let server = OwnServer::start(&["--max-pending-bytes", "1000000"]);
    let org = Org::on(server.platform_owner());
    let (files, refusal) = uploads_until_refused(&org, &org.rbt);
    refusal.refused(422, "pending_bytes_exceeded");
    assert_eq!(files.len(), 9, "the form around a file is counted until the file is there");
    assert_eq!(stored(&server), files.len(), "a refused upload has left a file");
    assert_eq!((count(&server, "attachments"), count(&server, "unattached_files")), ("9".into(), "9".into()));
    assert_eq!(stored_bytes(&server), (files.len() * SIZE).to_string());
    upload(&org, &org.rbt2).expect(201);
    // Deleted and attached files are no longer counted.
    delete(&org, &org.rbt, &files[0]);
    assert_eq!(stored(&server), files.len(), "the bytes go with the file");
    let again = upload(&org, &org.rbt).expect(201);
    upload(&org, &org.rbt).refused(422, "pending_bytes_exceeded");
    attach(&org, &org.rbt, &[again, files[1].clone()]);
    upload(&org, &org.rbt).expect(201);
    upload(&org, &org.rbt).expect(201);
    upload(&org, &org.rbt).refused(422, "pending_bytes_exceeded");
}

#[test]
fn one_person_has_one_limit_of_files_in_all_organizations() {
    let server = OwnServer::start(&["--max-pending-files", "4"]);
    let [org, other] = [(); 2].map(|()| Org::on(server.platform_owner()));
    let stranger = register(&server);
    enter(&org, &stranger);
    enter(&other, &stranger);
    let here = [(); 2].map(|()| upload(&org, &stranger).expect(201));
    let there = [(); 2].map(|()| upload(&other, &stranger).expect(201));
    for place in [&org, &other] {
        upload(place, &stranger).refused(422, "pending_files_exceeded");
        upload(place, &place.rbt).expect(201);
    }
    delete(&org, &stranger, &here[0]);
    upload(&other, &stranger).expect(201);
    upload(&org, &stranger).refused(422, "pending_files_exceeded");
    attach(&other, &stranger, &there);
    upload(&org, &stranger).expect(201);
}

#[test]
fn one_person_does_not_fill_the_store_with_files_of_tickets() {
    let server = OwnServer::start(&["--max-daily-upload-bytes", "500000"]);
    let org = Org::on(server.platform_owner());
    let stranger = register(&server);
    enter(&org, &stranger);
    for by in [&org.rbt, &stranger] {
        for _ in 0..4 {
            attach(&org, by, &[upload(&org, by).expect(201)]);
        }
        let refusal = upload(&org, by);
        let wait: u64 = refusal.header("Retry-After").unwrap().parse().unwrap();
        assert!((86_000..=86_401).contains(&wait), "{wait}");
        refusal.refused(429, "daily_upload_exceeded");
    }
    upload(&org, &org.rbt2).expect(201);
    server.sql(&format!("UPDATE uploaders SET since = {LONG_AGO}"));
    upload(&org, &stranger).expect(201);
}

#[test]
fn many_guests_leave_room_for_members() {
    let server = OwnServer::start(&["--max-org-bytes", "800000", "--max-pending-files", "3"]);
    let org = Org::on(server.platform_owner());
    let mut taken = 0;
    let refusal = loop {
        let stranger = register(&server);
        enter(&org, &stranger);
        let (files, refusal) = uploads_until_refused(&org, &stranger);
        taken += files.len();
        if refusal.code() != "pending_files_exceeded" {
            break refusal;
        }
    };
    refusal.refused(422, "quota_exceeded");
    assert_eq!(taken, 5, "three quarters of eight, less what the form takes");
    upload(&org, &org.rbt).expect(201);
    upload(&org, &org.rbt2).expect(201);
    upload(&org, &org.rbt2).refused(422, "quota_exceeded");
    assert_eq!(stored(&server), 7);
    assert_eq!(stored_bytes(&server), (7 * SIZE).to_string());
}

#[test]
fn a_refusal_for_a_limit_comes_before_the_bytes_are_read() {
    let server = OwnServer::start(&["--max-pending-files", "1"]);
    let org = Org::on(server.platform_owner());
    upload(&org, &org.rbt).expect(201);
    let mut wire = Wire::open(&server.base);
    wire.send(&head_of_upload(&org, &org.rbt, 10_000_000));
    let answer = wire.answer(Duration::from_secs(5)).expect("an answer to the head alone");
    answer.refused(422, "pending_files_exceeded");
    assert_eq!((stored(&server), count(&server, "unattached_files")), (1, "1".to_owned()));
}

#[test]
fn uploads_never_touch_the_reserve_of_the_disk_and_tickets_are_filed_meanwhile() {
    let server = OwnServer::start(&["--disk-reserve-bytes", "1000000000000000000"]);
    let org = Org::on(server.platform_owner());
    let refusal = upload(&org, &org.rbt);
    assert_eq!(refusal.header("Retry-After").as_deref(), Some("60"));
    refusal.refused(503, "storage_full");
    org.ticket(&org.rbt);
    server.client().get("!/readyz").expect(200);
    assert_eq!((stored(&server), count(&server, "unattached_files")), (0, "0".to_owned()));
    let sent = server.sql("SELECT sum(sent_bytes) FROM uploaders");
    assert_eq!((stored_bytes(&server), sent), ("0".into(), "0".into()), "what was not read is counted");
    assert!(server.log().contains("files.disk_reserve"), "{}", server.log());
    // A caller who may not upload does not learn how full the disk is.
    let outside = Org::on(server.platform_owner());
    upload(&org, &outside.rbt).refused(404, "not_found");
}

#[test]
fn an_upload_whose_answer_was_lost_is_answered_again_at_a_full_limit() {
    let server = OwnServer::start(&["--max-pending-files", "1"]);
    let org = Org::on(server.platform_owner());
    let (media_type, body) = crate::harness::form("file", "a.txt", "text/plain", b"Once.");
    let send = |bytes: Vec<u8>| {
        let headers = [("Content-Type", media_type.as_str()), ("Idempotency-Key", "once")];
        org.rbt.client.send("POST", &org.path("/attachments"), &headers, Some(bytes))
    };
    let first = send(body.clone()).expect(201);
    let again = send(body);
    assert_eq!(again.header("Idempotency-Replayed").as_deref(), Some("true"));
    assert_eq!(id(&again.expect(201)), id(&first));
    let (_, other) = crate::harness::form("file", "a.txt", "text/plain", b"Twice.");
    send(other).refused(422, "idempotency_key_reused");
    upload(&org, &org.rbt).refused(422, "pending_files_exceeded");
    assert_eq!((stored(&server), stored_bytes(&server)), (1, "5".to_owned()));
}

fn head_of_upload(org: &Org, by: &Person, bytes: usize) -> Vec<u8> {
    let token = by.client.token.as_deref().unwrap();
    format!(
        "POST /api/v1{} HTTP/1.1\r\nHost: s\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {bytes}\r\n\r\n\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n",
        org.path("/attachments")
    )
    .into_bytes()
}

/// Sends more than half of a file, and waits until some of it is on the disk.
fn begin(server: &OwnServer, org: &Org) -> Wire {
    let before = stored(server);
    let mut wire = Wire::open(&server.base);
    wire.send(&head_of_upload(org, &org.rbt, 10_000_000));
    wire.send(&vec![b'a'; 6_000_000]);
    wait_until("nothing is staged", || stored(server) > before);
    wire
}

#[test]
fn a_connection_that_breaks_gives_its_room_back() {
    let server = OwnServer::start(&["--max-pending-files", "2"]);
    let org = Org::on(server.platform_owner());
    for _ in 0..3 {
        drop(begin(&server, &org));
        wait_until("its room is not given back", || count(&server, "unattached_files") == "0");
        assert_eq!((stored(&server), stored_bytes(&server)), (0, "0".to_owned()));
    }
}

fn make_old(file: &Path) {
    let times =
        FileTimes::new().set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365));
    File::options().write(true).open(file).unwrap().set_times(times).unwrap();
}

#[test]
fn the_staged_bytes_of_a_killed_upload_are_removed() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let kept = upload(&org, &org.rbt).expect(201);
    let wires = [begin(&server, &org), begin(&server, &org)];
    server.kill();
    drop(wires);
    let staged = |server: &OwnServer| {
        let names = fs::read_dir(folder(server)).unwrap().flatten().map(|entry| entry.file_name());
        names.filter(|name| name.to_string_lossy().contains('#')).count()
    };
    assert_eq!((stored(&server), staged(&server)), (3, 2), "this test needs what the store stages");
    // What may still be in progress at another node is not touched.
    server.restart();
    sleep(Duration::from_millis(500));
    assert_eq!((stored(&server), count(&server, "unattached_files")), (3, "3".to_owned()));
    server.kill();
    server.sql(&format!("UPDATE unattached_files SET due_at = {LONG_AGO} WHERE size_bytes > {SIZE}"));
    server.restart();
    server.wait_for_sql("SELECT count(*) FROM unattached_files", "1");
    assert_eq!((stored(&server), stored_bytes(&server)), (1, SIZE.to_string()));
    let read = org.rbt.client.get(&org.path(&format!("/attachments/{}/content", id(&kept))));
    assert_eq!(read.bytes.len(), SIZE);
    let log = server.log();
    assert!(!log.contains("job.") && !log.contains("files.store"), "{log}");
}

#[test]
fn old_files_without_a_row_are_removed() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let [pending, attached] = [(); 2].map(|()| upload(&org, &org.rbt).expect(201));
    attach(&org, &org.rbt, &[attached]);
    server.kill();
    let known: Vec<PathBuf> = fs::read_dir(folder(&server)).unwrap().flatten().map(|e| e.path()).collect();
    let beside = PathBuf::from(format!("{}#1", known[0].display()));
    let old = ["stray", "stray#1", "another#7"].map(|name| folder(&server).join(name));
    let young = ["young", "young#1"].map(|name| folder(&server).join(name));
    old.iter().chain(&young).chain([&beside]).for_each(|file| fs::write(file, b"Nobody's.").unwrap());
    old.iter().chain(&known).chain([&beside]).for_each(|file| make_old(file));
    server.restart();
    wait_until("old strays are left", || old.iter().chain([&beside]).all(|file| !file.exists()));
    assert!(known.iter().chain(&young).all(|file| file.exists()), "a file was removed that is wanted");
    let read = org.rbt.client.get(&org.path(&format!("/attachments/{}/content", id(&pending))));
    assert_eq!(read.bytes.len(), SIZE);
}

#[test]
fn a_sweep_does_not_read_every_stored_file() {
    const MANY: usize = 2_500;
    let mut server = OwnServer::start(&[]);
    Org::on(server.platform_owner());
    server.kill();
    for number in 0..MANY {
        let file = folder(&server).join(format!("stray-{number}"));
        fs::write(&file, b"").unwrap();
        make_old(&file);
    }
    server.restart();
    wait_until("nothing was swept", || stored(&server) == MANY - 1_000);
    sleep(Duration::from_secs(1));
    assert_eq!(stored(&server), MANY - 1_000);
}

#[test]
fn uploads_that_nobody_attached_go_with_their_bytes() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let [forgotten, attached, young] = [(); 3].map(|()| upload(&org, &org.rbt).expect(201));
    attach(&org, &org.rbt, &[attached]);
    server.kill();
    let condition = match is_postgres() {
        true => format!("id = '{}'", id(&forgotten)),
        false => format!("id = X'{}'", id(&forgotten).replace('-', "")),
    };
    server.sql(&format!("UPDATE unattached_files SET due_at = {LONG_AGO} WHERE {condition}"));
    server.restart();
    server.wait_for_sql("SELECT count(*) FROM unattached_files", "1");
    assert_eq!((count(&server, "attachments"), stored(&server)), ("2".to_owned(), 2));
    assert_eq!(stored_bytes(&server), (2 * SIZE).to_string());
    org.rbt.client.get(&org.path(&format!("/attachments/{}", id(&forgotten)))).refused(404, "not_found");
    org.rbt.client.get(&org.path(&format!("/attachments/{}", id(&young)))).expect(200);
}

#[test]
fn the_file_of_a_ticket_is_not_removed_even_if_a_row_says_that_it_is_due() {
    let mut server = OwnServer::start(&[]);
    let org = Org::on(server.platform_owner());
    let file = upload(&org, &org.rbt).expect(201);
    attach(&org, &org.rbt, std::slice::from_ref(&file));
    server.kill();
    // What remains when a version that doesn't know these rows attached the file.
    server.sql(&format!(
        "INSERT INTO unattached_files (org_id, id, uploader_id, storage_key, size_bytes, due_at) \
         SELECT org_id, id, uploader_id, storage_key, size_bytes, {LONG_AGO} FROM attachments"
    ));
    assert_eq!(count(&server, "unattached_files"), "1");
    server.restart();
    server.wait_for_sql("SELECT count(*) FROM unattached_files", "0");
    let read = org.rbt.client.get(&org.path(&format!("/attachments/{}/content", id(&file))));
    assert_eq!((read.status, read.bytes.len()), (200, SIZE));
    assert_eq!((stored(&server), stored_bytes(&server)), (1, SIZE.to_string()));
    assert!(server.log().contains("files.attached_row_due"), "{}", server.log());
}

//! Acknowledged data is saved, whatever happens to the process.

use std::collections::HashSet;
use std::sync::Mutex;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::numbers::numbers;
use crate::faults::snapshot::rows;
use crate::harness::{Org, OwnServer, Person};

const ROUNDS: usize = 3;
const WRITERS: usize = 8;
/// How much each round has acknowledged when the process is killed.
const WRITES: usize = 10 * WRITERS;
/// How long a round waits for that.
const PATIENCE: Duration = Duration::from_secs(60);

/// Something that the server acknowledged: to whom, its path, and its content.
struct Acknowledged {
    to: Person,
    path: String,
    what: Thing,
}

enum Thing {
    Ticket(Value),
    Message(Value),
    File(String),
}

/// Creates until the server is gone, and records what it acknowledged: in turn a ticket, a message on it and
/// a file.
fn write(org: &Org, by: &Person, writer: usize, noted: &Mutex<Vec<Acknowledged>>) {
    let json = [("Content-Type", "application/json")];
    let note =
        |path: String, what: Thing| noted.lock().unwrap().push(Acknowledged { to: by.clone(), path, what });
    for turn in 0.. {
        let text = format!("Writer {writer}, turn {turn}");
        let body = json!({ "subject": text, "details": text, "urgency": "low", "location_id": org.downtown });
        let Ok(reply) =
            by.client.try_send("POST", &org.path("/tickets"), &json, Some(body.to_string().into_bytes()))
        else {
            return;
        };
        let ticket = reply.expect(201);
        let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
        note(path.clone(), Thing::Ticket(ticket));

        let bytes = format!("{text}\n").repeat(4_000).into_bytes();
        let form = [
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n",
            bytes.as_slice(),
            b"\r\n--x--\r\n",
        ]
        .concat();
        let headers = [("Content-Type", "multipart/form-data; boundary=x")];
        let Ok(reply) = by.client.try_send("POST", &org.path("/attachments"), &headers, Some(form)) else {
            return;
        };
        let file = reply.expect(201);
        let content = org.path(&format!("/attachments/{}/content", file["id"].as_str().unwrap()));
        note(content, Thing::File(sha256(&bytes)));

        let body = json!({ "body": text, "visibility": "public", "attachment_ids": [file["id"]] });
        let place = format!("{path}/messages");
        let Ok(reply) = by.client.try_send("POST", &place, &json, Some(body.to_string().into_bytes())) else {
            return;
        };
        let message = reply.expect(201);
        note(format!("{place}/{}", message["id"].as_str().unwrap()), Thing::Message(message));
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn is_there(Acknowledged { to, path, what }: &Acknowledged) {
    let read = to.client.get(path);
    match what {
        Thing::Ticket(ticket) => {
            let read = read.expect(200);
            for member in ["id", "number", "subject", "details", "created_at", "requester_id"] {
                assert_eq!(read[member], ticket[member], "{path} {member}");
            }
        }
        Thing::Message(message) => assert_eq!(&read.expect(200), message, "{path}"),
        Thing::File(hash) => {
            assert!(
                read.status == 200 && sha256(&read.bytes) == *hash,
                "{path}: {} bytes, {}",
                read.bytes.len(),
                read.status
            );
        }
    }
}

#[test]
fn what_was_acknowledged_outlives_sigkill() {
    let mut own = OwnServer::start(&[]);
    let org = Org::on(own.platform_owner());
    let noted = Mutex::new(Vec::new());
    let mut seen = 0;
    for round in 0..ROUNDS {
        scope(|threads| {
            for writer in 0..WRITERS {
                let (org, noted) = (&org, &noted);
                let by = if writer % 2 == 0 { &org.rbt } else { &org.rbt2 };
                threads.spawn(move || write(org, by, writer, noted));
            }
            let start = Instant::now();
            while noted.lock().unwrap().len() < seen + WRITES && start.elapsed() < PATIENCE {
                sleep(Duration::from_millis(1));
            }
            own.kill();
        });
        own.restart();
        let noted = noted.lock().unwrap();
        assert!(
            noted.len() >= seen + WRITES,
            "round {round}: only {} writes were acknowledged",
            noted.len() - seen
        );
        noted[seen..].iter().for_each(is_there);
        seen = noted.len();
    }
    whole(&org);
    let next = org.ticket_with(&org.rbt, json!({ "urgency": "low" })).expect(201);
    let all = numbers(&org);
    assert_eq!(next["number"].as_i64(), all.last().copied(), "the next number follows the last");
}

/// Asserts that nothing is incomplete: numbers without gap or duplicate, and bytes for each file of each
/// message.
fn whole(org: &Org) {
    let all = numbers(org);
    let different: HashSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "a number is there twice");
    assert_eq!(all.last().copied(), i64::try_from(all.len()).ok(), "a number is missing");
    for ticket in rows(&org.owner.client, &org.path("/tickets")).as_array().unwrap() {
        let path = org.path(&format!("/tickets/{}", ticket["id"].as_str().unwrap()));
        let events = rows(&org.owner.client, &format!("{path}/events"));
        assert_eq!(events[0]["type"], "ticket_created", "{path} has no beginning");
        for message in rows(&org.owner.client, &format!("{path}/messages")).as_array().unwrap() {
            for file in message["attachments"].as_array().unwrap() {
                let content = org
                    .owner
                    .client
                    .get(&org.path(&format!("/attachments/{}/content", file["id"].as_str().unwrap())));
                assert_eq!(
                    (content.status, &json!(sha256(&content.bytes))),
                    (200, &file["sha256"]),
                    "{file}"
                );
            }
        }
    }
}

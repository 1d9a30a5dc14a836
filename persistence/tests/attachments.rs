//! An upload that falls due while it is being attached: attached with its bytes, or refused; never attached
//! without them.
#![cfg(test)]

mod beside;
mod databases;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beside::RawDatabase;
use chrono::{DateTime, TimeDelta, Utc};
use databases::{Postgres, unique};
use orgs::OrgId;
use persistence::{Db, Parent, Scope, StoreError};
use tickets::{AttachmentId, PENDING_HOURS, TicketId, admit_attachments};
use tokio::task::JoinHandle;
use users::UserId;
use uuid::Uuid;

const ORG: OrgId = OrgId(Uuid::from_u128(1));
const PERSON: UserId = UserId(Uuid::from_u128(2));
const TICKET: TicketId = TicketId(Uuid::from_u128(3));
const FILE: AttachmentId = AttachmentId(Uuid::from_u128(4));
const BYTES: i64 = 10;

/// When the upload is due. Each process has a clock of its own, and a transaction the time at which it began.
fn due_at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// A point where a transaction is blocked until it is released, the first time that it gets there.
#[derive(Clone, Default)]
struct Stop(Arc<Mutex<Option<Ends>>>);

/// Reports the arrival, and waits for the release.
type Ends = (Sender<()>, Receiver<()>);

/// The other end of a [`Stop`].
struct Held {
    reached: Receiver<()>,
    go_on: Sender<()>,
}

impl Stop {
    fn new() -> (Self, Held) {
        let ((reach, reached), (go_on, wait)) = (channel(), channel());
        (Self(Arc::new(Mutex::new(Some((reach, wait))))), Held { reached, go_on })
    }

    fn stop(&self) {
        let ends = self.0.lock().unwrap().take();
        if let Some((reach, wait)) = ends {
            reach.send(()).unwrap();
            wait.recv_timeout(Duration::from_secs(20)).unwrap();
        }
    }
}

impl Held {
    /// Waits until the transaction is there.
    async fn reached(self) -> Sender<()> {
        let Self { reached, go_on } = self;
        let waited = tokio::task::spawn_blocking(move || reached.recv_timeout(Duration::from_secs(20)));
        waited.await.unwrap().expect("the transaction does not get there");
        go_on
    }
}

/// A database with a ticket and an upload that falls due.
struct World {
    db: Db,
    beside: RawDatabase,
}

impl World {
    fn new(url: &str) -> Self {
        let db = Db::open(url, 3).unwrap();
        db.migrate().unwrap();
        let mut beside = RawDatabase::open(url);
        let id = |beside: &RawDatabase, id: Uuid| beside.id(&id.as_u128().to_string());
        let (org, person) = (id(&beside, ORG.0), id(&beside, PERSON.0));
        let (ticket, file) = (id(&beside, TICKET.0), id(&beside, FILE.0));
        let instant = |at: DateTime<Utc>| format!("'{}'", at.format("%Y-%m-%dT%H:%M:%S%.6fZ"));
        let instant = |at| match &beside {
            RawDatabase::Postgres(_) => format!("{}::timestamptz", instant(at)),
            RawDatabase::Sqlite(_) => instant(at),
        };
        let created_at = instant(due_at() - TimeDelta::hours(PENDING_HOURS));
        let due_at = instant(due_at());
        let of_org = || ("org_id", org.clone());
        let file =
            [of_org(), ("id", file), ("uploader_id", person.clone()), ("storage_key", "'key'".to_owned())];
        let size = ("size_bytes", BYTES.to_string());
        beside.add("users", &[("id", person)], 1);
        beside.add("orgs", &[("id", org.clone())], 1);
        beside.add("org_counters", &[of_org(), ("stored_bytes", BYTES.to_string())], 1);
        beside.add("tickets", &[of_org(), ("id", ticket)], 1);
        let of_file =
            |more: [(&'static str, String); 2]| file.iter().cloned().chain(more).collect::<Vec<_>>();
        beside.add("attachments", &of_file([size.clone(), ("created_at", created_at)]), 1);
        beside.add("unattached_files", &of_file([size, ("due_at", due_at)]), 1);
        Self { db, beside }
    }

    /// Attaches the file like a request that began just before it was due; returns whether it could be
    /// attached.
    fn attach(&self, found: Stop, attached: Stop) -> JoinHandle<bool> {
        let db = self.db.clone();
        tokio::spawn(async move {
            let scope = Scope { org: Some(ORG), user: Some(PERSON), is_platform: false };
            let done = db.write(scope, move |tx| {
                let now = due_at() - TimeDelta::seconds(1);
                let there = tx.attachments(ORG).among(&[FILE])?;
                if admit_attachments(PERSON, &[FILE], &there, now).is_err() {
                    return Ok(false);
                }
                found.stop();
                tx.attachments(ORG).attach(&[FILE], Parent { ticket: TICKET, message: None })?;
                attached.stop();
                Ok::<_, StoreError>(true)
            });
            done.await.unwrap()
        })
    }

    /// Sweeps just after the file was due; returns whether its bytes are removed.
    fn sweep(&self, taken: Stop) -> JoinHandle<bool> {
        let db = self.db.clone();
        tokio::spawn(async move {
            let due = db.write(Scope::PLATFORM, move |tx| {
                let due = tx.take_files_due(due_at() + TimeDelta::seconds(1), 10)?;
                taken.stop();
                Ok::<_, StoreError>(due)
            });
            let due = due.await.unwrap();
            for file in &due {
                assert_eq!((file.org, file.id, file.storage_key.as_str()), (ORG, FILE, "key"));
                // Here the job removes the bytes.
                db.write(Scope::PLATFORM, move |tx| tx.attachments(ORG).forget(FILE)).await.unwrap();
            }
            !due.is_empty()
        })
    }

    /// The expected state at the end, whichever was first.
    fn require(&mut self, is_attached: bool, is_removed: bool, expected: bool) {
        assert_eq!((is_attached, is_removed), (expected, !expected), "attached, and its bytes removed");
        let rows = i64::from(expected);
        assert_eq!(self.beside.count("attachments WHERE ticket_id IS NOT NULL"), rows);
        assert_eq!(self.beside.count("attachments"), rows);
        assert_eq!(self.beside.count("unattached_files"), 0);
        assert_eq!(self.beside.count(&format!("org_counters WHERE stored_bytes = {}", rows * BYTES)), 1);
    }
}

async fn one_after_the_other(url: &str, is_attached_first: bool) {
    let mut world = World::new(url);
    let none = Stop::default;
    let (is_attached, is_removed) = match is_attached_first {
        true => {
            let is_attached = world.attach(none(), none()).await.unwrap();
            (is_attached, world.sweep(none()).await.unwrap())
        }
        false => {
            let is_removed = world.sweep(none()).await.unwrap();
            (world.attach(none(), none()).await.unwrap(), is_removed)
        }
    };
    world.require(is_attached, is_removed, is_attached_first);
}

/// Whether it waits for another transaction.
async fn waits(task: &JoinHandle<bool>) -> bool {
    tokio::time::sleep(Duration::from_millis(300)).await;
    !task.is_finished()
}

#[tokio::test]
async fn s004_8_an_upload_is_attached_or_swept_on_sqlite() {
    for is_attached_first in [true, false] {
        let folder = std::env::temp_dir().join(unique());
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}", folder.join("steward.db").display());
        one_after_the_other(&url, is_attached_first).await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[tokio::test]
async fn s004_8_an_upload_is_attached_or_swept_on_postgres() {
    for is_attached_first in [true, false] {
        let Some(database) = Postgres::create() else { return };
        one_after_the_other(&database.url(), is_attached_first).await;
    }
}

#[tokio::test]
async fn s004_8_a_file_swept_after_it_was_admitted_is_refused() {
    let Some(database) = Postgres::create() else { return };
    let mut world = World::new(&database.url());
    let (found, held) = Stop::new();
    let attaching = world.attach(found, Stop::default());
    let go_on = held.reached().await;
    let (taken, held) = Stop::new();
    let sweeping = world.sweep(taken);
    // The sweep has claimed the file, and its row still exists.
    held.reached().await.send(()).unwrap();
    let is_removed = sweeping.await.unwrap();
    go_on.send(()).unwrap();
    world.require(attaching.await.unwrap(), is_removed, false);
}

#[tokio::test]
async fn s004_8_a_file_whose_sweep_is_in_progress_is_refused() {
    let Some(database) = Postgres::create() else { return };
    let mut world = World::new(&database.url());
    let (taken, held) = Stop::new();
    let sweeping = world.sweep(taken);
    let go_on = held.reached().await;
    let attaching = world.attach(Stop::default(), Stop::default());
    assert!(waits(&attaching).await, "it is attached while it is swept");
    go_on.send(()).unwrap();
    let is_removed = sweeping.await.unwrap();
    world.require(attaching.await.unwrap(), is_removed, false);
}

#[tokio::test]
async fn s004_8_a_file_that_is_being_attached_is_not_swept() {
    let Some(database) = Postgres::create() else { return };
    let mut world = World::new(&database.url());
    let (attached, held) = Stop::new();
    let attaching = world.attach(Stop::default(), attached);
    let go_on = held.reached().await;
    let sweeping = world.sweep(Stop::default());
    assert!(waits(&sweeping).await, "it is swept while it is attached");
    go_on.send(()).unwrap();
    world.require(attaching.await.unwrap(), sweeping.await.unwrap(), true);
}

//! Deletions and purges of accounts with many rows: in transactions of bounded size, between any two of which
//! the process may stop.
#![cfg(test)]

mod beside;
mod databases;
mod schema;

use beside::RawDatabase;
use chrono::{DateTime, TimeDelta, Utc};
use databases::{Postgres, unique};
use persistence::{Db, PURGE_BATCH_SIZE, Page, Scope, StoreError, Tx, UserFilter, UserSort, UserSortKey};
use schema::{Schema, of_postgres, of_sqlite};
use users::{Account, AccountStatus, EmailAddress, PersonName, PurgeStarted, UserId};
use uuid::Uuid;

const STAYS: UserId = UserId(Uuid::from_u128(1));
const GOES: UserId = UserId(Uuid::from_u128(2));
/// The rows of each of the two accounts, or of its address.
const COUNTED: [(&str, &str); 7] = [
    ("mails", "user_id = {user}"),
    ("mails", "email = '{name}@example.org' AND user_id IS NULL"),
    ("invitations", "email = '{name}@example.org'"),
    ("sessions", "user_id = {user}"),
    ("refresh_tokens", "session_id IN (SELECT id FROM sessions WHERE user_id = {user})"),
    ("account_events", "user_id = {user}"),
    ("platform_roles", "user_id = {user}"),
];

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn add_account(beside: &mut RawDatabase, user: UserId, name: &str) -> String {
    let id = beside.id(&user.0.as_u128().to_string());
    let email = format!("'{name}@example.org'");
    let status = "'deleted'".to_owned();
    let given = [("id", id.clone()), ("email", email), ("name", "'A'".to_owned()), ("status", status)];
    beside.add("users", &given, 1);
    id
}

/// The purge of an account, as the domain starts it.
fn started(user: UserId) -> PurgeStarted {
    let (email, name) = (EmailAddress::parse("a@example.org"), PersonName::parse("A"));
    let account = Account::pending(user, email.unwrap(), name.unwrap(), now());
    Account { status: AccountStatus::Deleted, ..account }.start_purge(now()).unwrap()
}

/// An account with many rows of everything.
fn add_busy_account(beside: &mut RawDatabase, user: UserId, name: &str) {
    let id = add_account(beside, user, name);
    let text = |word: &str| format!("'{word}'");
    let first = user.0.as_u128() * 1_000_000;
    let ids = ("id", beside.id(&format!("n + {first}")));
    let others = ("id", beside.id(&format!("n + {first} + 100000")));
    let owner = ("user_id", id.clone());
    let email = ("email", format!("'{name}@example.org'"));
    let mail = [ids.clone(), owner.clone(), email.clone(), ("kind", text("new_reply"))];
    beside.add("mails", &mail, 5_000);
    beside.add("mails", &[others, email.clone(), ("kind", text("invitation"))], 700);
    beside.add("invitations", &[ids.clone(), email, ("is_open", "FALSE".to_owned())], 600);
    beside.add("sessions", &[ids.clone(), owner.clone(), ("restrictions", text(""))], 300);
    for token in 0..3 {
        let hash = ("token_hash", format!("'{name} {token} ' || n"));
        beside.add("refresh_tokens", &[hash, ("session_id", ids.1.clone())], 300);
    }
    let event = [ids, owner.clone(), ("actor_id", id), ("kind", text("session_created"))];
    beside.add("account_events", &event, 5_000);
    beside.add("platform_roles", &[owner, ("role_key", text("platform_manager"))], 1);
}

/// Number of rows of each of [`COUNTED`].
fn counts(beside: &mut RawDatabase, user: UserId, name: &str) -> [i64; 7] {
    let id = beside.id(&user.0.as_u128().to_string());
    COUNTED.map(|(table, whose)| {
        let whose = whose.replace("{user}", &id).replace("{name}", name);
        beside.count(&format!("{table} WHERE {whose}"))
    })
}

fn schema_of(beside: &mut RawDatabase) -> Schema {
    match beside {
        RawDatabase::Postgres(conn) => of_postgres(conn),
        RawDatabase::Sqlite(conn) => of_sqlite(conn),
    }
}

/// Runs transactions until one reports that nothing is left, each with a connection of its own, as after a
/// crash. None touches more than [`PURGE_BATCH_SIZE`] rows; `between` is checked before the last. Returns their
/// number.
async fn in_batches(
    url: &str,
    step: impl Fn(&mut Tx<'_>) -> Result<bool, StoreError> + Clone + Send + 'static,
    mut between: impl AsyncFnMut(&Db),
) -> usize {
    let mut beside = RawDatabase::open(url);
    let at_once = i64::try_from(PURGE_BATCH_SIZE).unwrap();
    for steps in 1.. {
        let db = Db::open(url, 1).unwrap();
        let before = counts(&mut beside, GOES, "goes");
        let is_more = db.write(Scope::PLATFORM, step.clone()).await.unwrap();
        let after = counts(&mut beside, GOES, "goes");
        let touched: i64 = before.iter().zip(after).map(|(before, after)| before - after).sum();
        // The few rows of the account's permissions are removed with it.
        let few = if is_more { 0 } else { before.last().unwrap() - after.last().unwrap() };
        assert!(touched - few <= at_once, "{touched} rows in one transaction: {before:?}, {after:?}");
        if !is_more {
            return steps;
        }
        assert_eq!(touched, at_once, "a step before the last is a whole one");
        between(&db).await;
    }
    unreachable!()
}

async fn is_listed(db: &Db) -> bool {
    let sort = UserSort { key: UserSortKey::CreatedAt, is_descending: false };
    let filter = UserFilter::default();
    let page = Page { after: None, limit: 100 };
    let found = db.read(Scope::PLATFORM, move |tx| tx.list_users(&filter, sort, page)).await.unwrap();
    found.rows.iter().any(|row| row.account.id == GOES)
}

async fn account(db: &Db) -> Option<Account> {
    db.read(Scope::PLATFORM, |tx| tx.account(GOES)).await.unwrap()
}

async fn an_account_is_deleted_in_batches(url: &str) {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    let mut beside = RawDatabase::open(url);
    add_busy_account(&mut beside, STAYS, "stays");
    add_busy_account(&mut beside, GOES, "goes");
    let all = [5_000, 700, 600, 300, 900, 5_000, 1];
    assert_eq!(counts(&mut beside, GOES, "goes"), all);

    let goes = account(&db).await.unwrap();
    let gone = EmailAddress::parse("gone@example.org").unwrap();
    let instead = gone.clone();
    let delete = move |tx: &mut Tx<'_>| tx.remove_belongings(&goes, &instead);
    let has_rights = async |db: &Db| {
        let held = db.read(Scope::PLATFORM, |tx| tx.platform_roles(GOES)).await.unwrap();
        assert_eq!(held.len(), 1, "rights go in the last transaction");
    };
    assert_eq!(in_batches(url, delete, has_rights).await, 16);
    assert_eq!(counts(&mut beside, GOES, "goes"), [0, 0, 0, 0, 0, 5_000, 0]);
    assert_eq!(beside.count(&format!("invitations WHERE email = '{}'", gone.as_str())), 600);

    // Nothing is purged before the purge is started, and nothing is shown afterwards.
    assert!(!db.write(Scope::PLATFORM, |tx| tx.continue_purge(GOES)).await.unwrap());
    assert_eq!(counts(&mut beside, GOES, "goes")[5], 5_000);
    assert!(is_listed(&db).await);
    db.write(Scope::PLATFORM, |tx| tx.start_purge(started(GOES))).await.unwrap();
    let is_hidden = async |db: &Db| {
        assert!(account(db).await.is_none() && !is_listed(db).await, "it is shown while it goes");
        let email = EmailAddress::parse("goes@example.org").unwrap();
        let found = db.read(Scope::PLATFORM, move |tx| tx.account_by_email(&email)).await.unwrap();
        assert_eq!(found, None, "it is found by its address while it goes");
        let waiting = db.read(Scope::PLATFORM, |tx| tx.accounts_to_purge(None, 10)).await.unwrap();
        assert_eq!(waiting, [(now(), GOES)]);
    };
    assert_eq!(in_batches(url, |tx: &mut Tx<'_>| tx.continue_purge(GOES), is_hidden).await, 11);
    assert_eq!(counts(&mut beside, GOES, "goes"), [0; 7]);
    assert_eq!(beside.count("users"), 1);
    assert_eq!(counts(&mut beside, STAYS, "stays"), all, "what belongs to others stays");
    let waiting = db.read(Scope::PLATFORM, |tx| tx.accounts_to_purge(None, 10)).await.unwrap();
    assert_eq!(waiting, []);
}

/// An account is only purged if its row is deleted, and its purge starts once.
async fn only_a_deleted_account_is_purged(url: &str) {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    let mut beside = RawDatabase::open(url);
    let id = add_account(&mut beside, GOES, "goes");
    beside.add("account_events", &[("user_id", id.clone()), ("kind", "'session_created'".to_owned())], 3);
    let start = async || db.write(Scope::PLATFORM, |tx| tx.start_purge(started(GOES))).await;
    for status in AccountStatus::ALL.into_iter().filter(|status| *status != AccountStatus::Deleted) {
        let status = status.as_str();
        beside.run(&format!("UPDATE users SET status = '{status}', purge_started_at = NULL"));
        let refused = start().await;
        assert!(matches!(refused, Err(StoreError::Stale | StoreError::Locked)), "{status}: {refused:?}");
        assert_eq!(beside.count("users WHERE purge_started_at IS NOT NULL"), 0);
        beside.run("UPDATE users SET purge_started_at = '2026-01-02T03:04:05.000000Z'");
        assert!(!db.write(Scope::PLATFORM, |tx| tx.continue_purge(GOES)).await.unwrap(), "{status}");
        assert_eq!((beside.count("users"), beside.count("account_events")), (1, 3), "{status}");
    }
    beside.run("UPDATE users SET status = 'deleted', purge_started_at = NULL");
    start().await.unwrap();
    assert!(matches!(start().await, Err(StoreError::Stale | StoreError::Locked)), "it starts once");
    assert!(!db.write(Scope::PLATFORM, |tx| tx.continue_purge(GOES)).await.unwrap());
    assert_eq!((beside.count("users"), beside.count("account_events")), (0, 0));
}

/// Whatever refers to an account: either its purge does not start, or it ends.
async fn a_purge_that_starts_ends(url: &str) {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    let mut beside = RawDatabase::open(url);
    let keys: Vec<(String, String)> = schema_of(&mut beside)
        .into_iter()
        .flat_map(|(table, shape)| {
            let keys = shape.foreign.into_iter().filter(|key| key.target == "users");
            keys.map(move |key| (table.clone(), key.columns))
        })
        .collect();
    assert!(keys.len() > 30, "{keys:?}");
    let mut kept = Vec::new();
    for (number, (table, column)) in (100..).zip(keys) {
        let user = UserId(Uuid::from_u128(number));
        let id = add_account(&mut beside, user, &format!("user{number}"));
        beside.add(&table, &[(&column, id)], 1);
        match db.write(Scope::PLATFORM, move |tx| tx.start_purge(started(user))).await {
            Ok(()) => {
                let ended = db.write(Scope::PLATFORM, move |tx| tx.continue_purge(user)).await;
                assert!(matches!(ended, Ok(false)), "{table}.{column}: {ended:?}");
                assert!(db.read(Scope::PLATFORM, move |tx| tx.account(user)).await.unwrap().is_none());
                assert_eq!(beside.count(&format!("users WHERE email = 'user{number}@example.org'")), 0);
            }
            Err(StoreError::Referenced) => kept.push(format!("{table}.{column}")),
            Err(other) => panic!("{table}.{column}: {other}"),
        }
    }
    assert_eq!(
        kept,
        [
            "account_events.actor_id",
            "approvals.decided_by",
            "approvals.requested_by",
            "attachments.uploader_id",
            "events.actor_id",
            "invitations.inviter_id",
            "membership_requests.appeal_decided_by",
            "membership_requests.decided_by",
            "memberships.user_id",
            "messages.author_id",
            "permission_requests.decided_by",
            "permission_requests.user_id",
            "read_markers.user_id",
            "tickets.approval_by",
            "tickets.assignee_id",
            "tickets.created_by",
            "tickets.requester_id",
            "unattached_files.uploader_id",
        ]
    );
}

/// A database of one test.
struct Sqlite(std::path::PathBuf);

impl Sqlite {
    fn create() -> Self {
        let folder = std::env::temp_dir().join(unique());
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("steward.db").display())
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn an_account_is_deleted_in_batches_on_sqlite() {
    an_account_is_deleted_in_batches(&Sqlite::create().url()).await;
}

#[tokio::test]
async fn an_account_is_deleted_in_batches_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    an_account_is_deleted_in_batches(&database.url()).await;
}

#[tokio::test]
async fn a_purge_that_starts_ends_on_sqlite() {
    a_purge_that_starts_ends(&Sqlite::create().url()).await;
}

#[tokio::test]
async fn a_purge_that_starts_ends_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    a_purge_that_starts_ends(&database.url()).await;
}

#[tokio::test]
async fn only_a_deleted_account_is_purged_on_sqlite() {
    only_a_deleted_account_is_purged(&Sqlite::create().url()).await;
}

#[tokio::test]
async fn only_a_deleted_account_is_purged_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    only_a_deleted_account_is_purged(&database.url()).await;
}

//! The history of an account comes in its order, however the database joins what is asked of each event.
#![cfg(test)]

mod beside;
mod databases;

use beside::RawDatabase;
use databases::{Postgres, unique};
use persistence::{AccountEventFilter, Db, Page, Scope};
use users::UserId;
use uuid::Uuid;

const PERSON: UserId = UserId(Uuid::from_u128(1));
/// Organizations in whose name something was done to the account.
const ORGS: i64 = 20;

/// Adds events that each name one of the organizations, in an order that is not that of the organizations' ids.
async fn pages_are_in_order(url: &str) {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    let mut beside = RawDatabase::open(url);
    let text = |text: &str| format!("'{text}'");
    let person = beside.id("1");
    let account = [
        ("id", person.clone()),
        ("email", text("a@example.org")),
        ("name", text("A")),
        ("status", text("active")),
    ];
    beside.add("users", &account, 1);
    let at = match &beside {
        RawDatabase::Postgres(_) => "timestamptz '2026-01-01 00:00:00+00' + n * interval '1 second'",
        RawDatabase::Sqlite(_) => "strftime('%Y-%m-%dT%H:%M:%f000Z', '2026-01-01', n || ' seconds')",
    };
    let event = [
        ("id", beside.id("n")),
        ("user_id", person),
        ("org_id", beside.id(&format!("1 + (n * 7) % {ORGS}"))),
        ("kind", text("session_created")),
        ("occurred_at", at.to_owned()),
        ("changes", text("[]")),
    ];
    beside.add("account_events", &event, 100);
    assert_eq!(beside.count("account_events"), 100);
    let filter = AccountEventFilter { is_claimed: true, ..AccountEventFilter::default() };
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = Page { after, limit: 9 };
        let found =
            db.read(Scope::PLATFORM, move |tx| tx.account_events(PERSON, &filter, page)).await.unwrap();
        for event in found.rows.iter().take(9) {
            after = Some((event.at, event.id));
            seen.push(event.id.as_u128());
        }
        if found.rows.len() <= 9 {
            break;
        }
    }
    assert_eq!(seen, (1..=100).rev().collect::<Vec<u128>>());
}

#[tokio::test]
async fn pages_of_events_are_in_order_on_sqlite() {
    let folder = std::env::temp_dir().join(unique());
    std::fs::create_dir_all(&folder).unwrap();
    pages_are_in_order(&format!("sqlite://{}", folder.join("steward.db").display())).await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn pages_of_events_are_in_order_on_postgres() {
    let Some(database) = Postgres::create() else { return };
    let url = database.url();
    let joint = if url.contains('?') { '&' } else { '?' };
    // Only a merge is left, which sorts both sides by organization.
    pages_are_in_order(&format!(
        "{url}{joint}options=-c%20enable_nestloop%3Doff%20-c%20enable_hashjoin%3Doff"
    ))
    .await;
}

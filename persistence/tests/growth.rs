//! The rows that a list, a log-in or a clean-up reads do not grow with the platform.
//!
//! Each case runs in a small and in a large one, and the database's own statistics are compared: up to twice
//! as much is allowed.
#![cfg(test)]

#[path = "growth/cases.rs"]
mod cases;
mod databases;
#[path = "growth/postgres.rs"]
mod postgres;
#[path = "growth/sqlite.rs"]
mod sqlite;
#[path = "growth/world.rs"]
mod world;

use std::path::Path;

use cases::{Case, cases};
use databases::{Postgres, unique};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use persistence::{Db, MAX_SCANNED_ROWS, Scope};
use world::Dialect;

/// What a case cost: rows, or on SQLite steps that rows take, and pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) rows: i64,
    pub(crate) pages: i64,
}

/// More than a request scans, so that the limit shows in both.
const SMALL: i64 = 6_000;

/// Number of rows of everything in the large platform; `STEWARD_TEST_GROWTH` sets another one.
fn large() -> i64 {
    std::env::var("STEWARD_TEST_GROWTH").ok().and_then(|n| n.parse().ok()).unwrap_or(48_000)
}

/// The cost of scanning the 5,000 rows of one request, and of finding the place where it ended. A page that
/// ends before may cost less in the small platform than half of it.
fn bound(is_sqlite: bool, case: &Case) -> Cost {
    let windows = MAX_SCANNED_ROWS * case.windows;
    // On SQLite, a row takes about forty steps, and its page and that of the index are counted each time.
    Cost {
        rows: if is_sqlite { 60 * windows } else { 2 * windows + 400 },
        pages: 2 * windows + windows / 8 + 100,
    }
}

fn compare(is_sqlite: bool, cases: &[Case], small: &[Cost], large: &[Cost]) {
    let mut grown = Vec::new();
    for ((case, small), large) in cases.iter().zip(small).zip(large) {
        if std::env::var_os("STEWARD_TEST_GROWTH").is_some() {
            println!("{:60} {small:?} {large:?}", case.name);
        }
        let bound = bound(is_sqlite, case);
        if large.rows > (2 * small.rows + 200).max(bound.rows)
            || large.pages > (2 * small.pages + 20).max(bound.pages)
        {
            grown.push(format!("{}: {small:?}, then {large:?}", case.name));
        }
    }
    assert!(grown.is_empty(), "these grow:\n{}", grown.join("\n"));
}

async fn run(db: &Db, case: &Case) {
    let work = case.work.clone();
    let scope =
        if case.is_platform { Scope::PLATFORM } else { Scope { org: Some(case.org), ..Scope::default() } };
    let done = db.write(scope, move |tx| work(tx)).await;
    done.unwrap_or_else(|e| panic!("{}: {e}", case.name));
}

async fn costs_on_sqlite(folder: &Path, size: i64) -> Vec<Cost> {
    sqlite::count_work();
    let file = folder.join(format!("{size}.db"));
    let db = Db::open(&format!("sqlite://{}", file.display()), 1).unwrap();
    db.migrate().unwrap();
    let mut conn = SqliteConnection::establish(&file.display().to_string()).unwrap();
    conn.batch_execute(&Dialect { is_postgres: false }.filled(size)).unwrap();
    let mut costs = Vec::new();
    for case in cases() {
        sqlite::counted();
        run(&db, &case).await;
        costs.push(sqlite::counted());
    }
    costs
}

async fn costs_on_postgres(cases: &[Case], database: &Postgres, size: i64) -> Vec<Cost> {
    let url = database.url();
    Db::open(&url, 1).unwrap().migrate().unwrap();
    let mut conn = PgConnection::establish(&url).unwrap();
    conn.batch_execute(postgres::NO_AUTOVACUUM).unwrap();
    conn.batch_execute(&Dialect { is_postgres: true }.filled(size)).unwrap();
    conn.batch_execute("VACUUM ANALYZE").unwrap();
    // The work of this connection is counted at the latest when it ends.
    drop(conn);
    let mut conn = PgConnection::establish(&url).unwrap();
    let joint = if url.contains('?') { '&' } else { '?' };
    // Generic plans, which are made once a statement has run a few times.
    let generic = format!("{url}{joint}options=-c%20plan_cache_mode%3Dforce_generic_plan");
    let mut costs = Vec::new();
    for case in cases {
        // Cases that may scan this many rows are compared with that number only.
        if case.windows > 0 && size == SMALL {
            costs.push(Cost::default());
            continue;
        }
        let before = postgres::counted(&mut conn);
        let db = Db::open(&generic, 1).unwrap();
        run(&db, case).await;
        drop(db);
        let after = postgres::counted(&mut conn);
        costs.push(Cost { rows: after.rows - before.rows, pages: after.pages - before.pages });
    }
    costs
}

#[tokio::test]
async fn what_a_request_looks_at_does_not_grow_on_sqlite() {
    let folder = std::env::temp_dir().join(unique());
    std::fs::create_dir_all(&folder).unwrap();
    let small = costs_on_sqlite(&folder, SMALL).await;
    let large = costs_on_sqlite(&folder, large()).await;
    std::fs::remove_dir_all(folder).unwrap();
    compare(true, &cases(), &small, &large);
}

#[tokio::test]
async fn what_a_request_looks_at_does_not_grow_on_postgres() {
    let (Some(first), Some(second)) = (Postgres::create(), Postgres::create()) else { return };
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.is_for_both).collect();
    let small = costs_on_postgres(&cases, &first, SMALL).await;
    let large = costs_on_postgres(&cases, &second, large()).await;
    compare(false, &cases, &small, &large);
}

//! The migrations: up, down and up again, and the same tables on both databases.
#![cfg(test)]

mod databases;
mod schema;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use databases::{Postgres, unique};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use persistence::{Db, MigrateError};
use schema::{Schema, of_postgres, of_sqlite};

/// Where the databases differ on purpose: each has its own full text search.
const SEARCH: &str = "ticket_";
/// Tables whose primary key does not begin with the tenant, and why: full text search refers to the row
/// number.
const OTHER_PRIMARY_KEY: [&str; 1] = ["ticket_search"];
/// Unique keys without the tenant, and why: files have a random name.
const UNIQUE_EVERYWHERE: [(&str, &str); 2] =
    [("attachments", "storage_key"), ("unattached_files", "storage_key")];
/// They belong to a person, and name an organization only if something was done, offered or sent in its name.
const OF_PERSONS: [&str; 6] =
    ["account_events", "announcements", "approvals", "approvers", "invitations", "mails"];
const STAYS: [&str; 3] = ["orgs", "users", "sessions"];

/// A folder for an SQLite database.
struct Folder(PathBuf);

impl Folder {
    fn create() -> Self {
        let path = std::env::temp_dir().join(unique());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The path of the database file, which may not exist yet.
    fn file(&self) -> String {
        self.0.join("steward.db").display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn folder(database: &str) -> FileBasedMigrations {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(database);
    FileBasedMigrations::from_path(path).unwrap()
}

fn sqlite(file: &str) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(file).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    conn
}

/// A database that the program itself created.
fn migrated_sqlite(folder: &Folder) -> Schema {
    Db::open(&format!("sqlite://{}", folder.file()), 1).unwrap().migrate().unwrap();
    of_sqlite(&mut sqlite(&folder.file()))
}

fn migrated_postgres(database: &Postgres) -> Schema {
    Db::open(&database.url(), 1).unwrap().migrate().unwrap();
    of_postgres(&mut PgConnection::establish(&database.url()).unwrap())
}

fn count(conn: &mut PgConnection, what: &str) -> i64 {
    use diesel::prelude::*;
    diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(what)).get_result(conn).unwrap()
}

#[test]
fn sqlite_goes_up_down_and_up_again() {
    let home = Folder::create();
    let first = migrated_sqlite(&home);
    assert!(STAYS.iter().all(|table| first.contains_key(*table)), "{:?}", first.keys());
    let mut conn = sqlite(&home.file());
    conn.revert_all_migrations(folder("sqlite")).unwrap();
    assert_eq!(of_sqlite(&mut conn), Schema::new(), "something is left after the way down");
    conn.run_pending_migrations(folder("sqlite")).unwrap();
    assert_eq!(of_sqlite(&mut conn), first);
    drop(conn);
    assert_eq!(migrated_sqlite(&home), first, "a second start changes nothing");
}

#[test]
fn postgres_goes_up_down_and_up_again() {
    let Some(database) = Postgres::create() else { return };
    let first = migrated_postgres(&database);
    assert!(STAYS.iter().all(|table| first.contains_key(*table)), "{:?}", first.keys());
    let mut conn = PgConnection::establish(&database.url()).unwrap();
    conn.revert_all_migrations(folder("postgres")).unwrap();
    assert_eq!(of_postgres(&mut conn), Schema::new(), "something is left after the way down");
    let functions = "(SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)";
    assert_eq!(count(&mut conn, functions), 0, "functions are left after the way down");
    conn.run_pending_migrations(folder("postgres")).unwrap();
    assert_eq!(of_postgres(&mut conn), first);
    assert_eq!(migrated_postgres(&database), first, "a second start changes nothing");
}

#[test]
fn several_nodes_may_start_at_once_on_one_postgres() {
    let Some(database) = Postgres::create() else { return };
    let url = database.url();
    let nodes: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            std::thread::spawn(move || Db::open(&url, 1).unwrap().migrate())
        })
        .collect();
    for node in nodes {
        node.join().unwrap().unwrap();
    }
    assert!(of_postgres(&mut PgConnection::establish(&database.url()).unwrap()).contains_key("tickets"));
}

#[test]
fn both_databases_have_the_same_tables() {
    let Some(database) = Postgres::create() else { return };
    let home = Folder::create();
    let (sqlite, postgres) = (migrated_sqlite(&home), migrated_postgres(&database));
    let names =
        |schema: &Schema| schema.keys().filter(|t| !t.starts_with(SEARCH)).cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for (name, table) in &sqlite {
        if name.starts_with(SEARCH) {
            continue;
        }
        let other = &postgres[name];
        let columns = |t: &schema::Table| t.columns.keys().cloned().collect::<Vec<_>>();
        assert_eq!(columns(table), columns(other), "the columns of {name}");
        for (column, shape) in &table.columns {
            assert_eq!(shape, &other.columns[column], "{name}.{column}: SQLite left, PostgreSQL right");
        }
        assert_eq!(table, other, "the keys of {name}: SQLite left, PostgreSQL right");
    }
    for column in ["org_id", "ticket_id", "public_words", "staff_words"] {
        assert_eq!(
            sqlite["ticket_search"].columns[column], postgres["ticket_search"].columns[column],
            "ticket_search.{column}"
        );
    }
}

/// Every row of a tenant is found by its tenant, and refers to nothing of another (S10).
fn tenants_are_apart(schema: &Schema) {
    let is_of_tenant = |name: &str| !OF_PERSONS.contains(&name);
    let tenant: Vec<_> = schema
        .iter()
        .filter(|(name, table)| is_of_tenant(name) && table.columns.contains_key("org_id"))
        .collect();
    assert!(tenant.len() > 10, "too few tenant tables were found: {}", tenant.len());
    for (name, table) in &tenant {
        assert!(table.columns["org_id"].is_required, "{name}.org_id may be null");
        if !OTHER_PRIMARY_KEY.contains(&name.as_str()) {
            assert!(
                table.primary_key.split(',').next() == Some("org_id"),
                "{name}: primary key ({})",
                table.primary_key
            );
        }
        for key in &table.unique {
            let is_named = UNIQUE_EVERYWHERE.contains(&(name.as_str(), key.as_str()));
            assert!(is_named || key.split(',').next() == Some("org_id"), "{name}: unique ({key})");
        }
        for key in &table.foreign {
            let target = &schema[&key.target];
            if target.columns.contains_key("org_id") {
                assert!(
                    key.columns.starts_with("org_id,"),
                    "{name}: ({}) refers to {} without the tenant",
                    key.columns,
                    key.target
                );
                assert!(
                    key.target_columns.starts_with("org_id,"),
                    "{name}: ({}) refers to {} ({})",
                    key.columns,
                    key.target,
                    key.target_columns
                );
            }
        }
        let has_tenant = table.foreign.iter().any(|key| key.columns.split(',').any(|c| c == "org_id"));
        assert!(has_tenant, "{name}.org_id refers to nothing");
    }
    for (name, table) in schema.iter().filter(|(_, table)| !table.columns.contains_key("org_id")) {
        let refers = table.foreign.iter().find(|key| schema[&key.target].columns.contains_key("org_id"));
        assert!(refers.is_none(), "{name} has no org_id and refers to a tenant's rows: {refers:?}");
    }
}

#[test]
fn on_sqlite_every_key_of_a_tenant_holds_the_tenant() {
    let home = Folder::create();
    tenants_are_apart(&migrated_sqlite(&home));
}

#[test]
fn on_postgres_every_key_of_a_tenant_holds_the_tenant() {
    let Some(database) = Postgres::create() else { return };
    tenants_are_apart(&migrated_postgres(&database));
}

const NEWER: &str =
    "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000001', CURRENT_TIMESTAMP)";

#[test]
fn sqlite_of_a_newer_program_is_refused_and_not_changed() {
    let home = Folder::create();
    let before = migrated_sqlite(&home);
    sqlite(&home.file()).batch_execute(NEWER).unwrap();
    let refused = Db::open(&format!("sqlite://{}", home.file()), 1).unwrap().migrate().unwrap_err();
    assert!(
        matches!(&refused, MigrateError::NewerThanProgram(version) if version == "99991231000001"),
        "{refused}"
    );
    assert!(refused.to_string().contains("newer"), "{refused}");
    assert_eq!(of_sqlite(&mut sqlite(&home.file())), before);
}

#[test]
fn postgres_of_a_newer_program_is_refused_and_not_changed() {
    let Some(database) = Postgres::create() else { return };
    let before = migrated_postgres(&database);
    PgConnection::establish(&database.url()).unwrap().batch_execute(NEWER).unwrap();
    let refused = Db::open(&database.url(), 1).unwrap().migrate().unwrap_err();
    assert!(
        matches!(&refused, MigrateError::NewerThanProgram(version) if version == "99991231000001"),
        "{refused}"
    );
    assert_eq!(of_postgres(&mut PgConnection::establish(&database.url()).unwrap()), before);
    // The lock is released: a program that knows the migration may start.
    assert_eq!(
        count(
            &mut PgConnection::establish(&database.url()).unwrap(),
            "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        ),
        0
    );
}

/// PostgreSQL grants no more than that; see `row_security`.
#[test]
fn s001_44_on_sqlite_the_logs_only_grow_and_a_history_is_deleted_with_its_account() {
    let home = Folder::create();
    migrated_sqlite(&home);
    let mut conn = sqlite(&home.file());
    let [org, stays, goes, event] = [1, 2, 3, 4].map(|n: u8| format!("x'{n:032x}'"));
    let now = "'2026-01-02T03:04:05.000000Z'";
    let account_event = |user: &str| {
        format!(
            "INSERT INTO account_events VALUES ({event}, {user}, NULL, 'other', NULL, {now}, 'r', NULL, NULL, NULL, '[]');"
        )
    };
    let mut fill = "PRAGMA foreign_keys = ON;".to_owned();
    for (user, name) in [(&stays, "stays"), (&goes, "goes")] {
        fill += &format!(
            "INSERT INTO users (id, email, name, locale, status, created_at, updated_at)
            VALUES ({user}, '{name}@b.example', 'A', 'en', 'deleted', {now}, {now});"
        );
    }
    fill += &format!(
        "INSERT INTO orgs (id, name, slug, is_active, created_at, updated_at, version) VALUES ({org}, 'A', 'a', 1, {now}, {now}, 1);
        INSERT INTO events VALUES ({org}, {event}, 1, 'other', 'member', {stays}, {stays}, 'staff', {now}, 'r', '[]');"
    );
    conn.batch_execute(&(fill + &account_event(&goes))).unwrap();
    for log in ["events", "account_events"] {
        for statement in ["UPDATE * SET kind = 'another'", "DELETE FROM *"] {
            let error = conn.batch_execute(&statement.replace('*', log)).unwrap_err().to_string();
            assert!(error.contains("the log only grows"), "{log}: {error}");
        }
    }
    conn.batch_execute(&account_event(&stays)).unwrap_err();
    // The history may be deleted before the account, once that is being purged, and only if it is deleted.
    for status in ["pending_confirmation", "active", "suspended", "deletion_scheduled"] {
        let purged = format!(
            "UPDATE users SET purge_started_at = {now}, status = '{status}' WHERE id = {goes}; DELETE FROM account_events"
        );
        let error = conn.batch_execute(&purged).unwrap_err().to_string();
        assert!(error.contains("the log only grows"), "{status}: {error}");
        conn.batch_execute("UPDATE users SET purge_started_at = NULL, status = 'deleted'").unwrap();
    }
    let purged = format!(
        "SAVEPOINT purge; UPDATE users SET purge_started_at = {now} WHERE id = {goes}; DELETE FROM account_events; \
         ROLLBACK TO purge; RELEASE purge"
    );
    conn.batch_execute(&purged).unwrap();
    conn.batch_execute(&format!("DELETE FROM users WHERE id = {goes}")).unwrap();
    // Its id is free again: it was deleted with the account.
    conn.batch_execute(&account_event(&stays)).unwrap();
}

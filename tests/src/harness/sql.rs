//! The database of an `OwnServer`, changed directly, so that time passes at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::database::psql;
use super::server::{OwnServer, unpoisoned};
use super::world::Org;

const TIMEOUT: Duration = Duration::from_secs(60);

/// Data of a server: the folder, and the URL of a database on PostgreSQL.
type Place = (PathBuf, Option<String>);

static DATABASES: LazyLock<Mutex<HashMap<String, Place>>> = LazyLock::new(Mutex::default);

/// Registers the database of the server with this address.
pub(super) fn register(base: &str, data_dir: PathBuf, database_url: Option<String>) {
    unpoisoned(&DATABASES).insert(base.to_owned(), (data_dir, database_url));
}

/// Lets a week pass for all approvers of critical changes, in an organization or on the platform of a server:
/// their votes have started, nobody is responsible for a recent grant, and nobody has lost a right recently.
fn let_votes_start_where(base: &str, whose: &str) {
    let (data_dir, url) = unpoisoned(&DATABASES).get(base).cloned().expect("a server of these tests");
    for statement in [
        format!("DELETE FROM approvers WHERE lost_at IS NOT NULL AND {whose}"),
        format!(
            "UPDATE approvers SET vote_starts_at = held_since, granted_by = '[]', endorsed_by = NULL, endorsed_at = NULL WHERE {whose}"
        ),
    ] {
        run(&data_dir, url.as_deref(), &statement);
    }
}

/// The same for those of the platform.
pub(crate) fn let_platform_votes_start(server: &OwnServer) {
    let_votes_start_where(&server.base, "org_id IS NULL");
}

impl Org {
    /// Lets a week pass for the votes of all approvers of critical changes here.
    pub(crate) fn let_votes_start(&self) {
        let whose = format!("org_id = (SELECT id FROM orgs WHERE slug = '{}')", self.slug);
        let_votes_start_where(&self.owner.client.base, &whose);
    }
}

fn run(data_dir: &Path, database_url: Option<&str>, statement: &str) -> String {
    match database_url {
        Some(url) => on_postgres(url, statement),
        None => on_sqlite(data_dir, statement).unwrap_or_else(|error| panic!("{statement}: {error}")),
    }
}

fn on_postgres(url: &str, statement: &str) -> String {
    let mut psql = Command::new(psql());
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
    let output = psql.args([url, "--command", statement]).output().expect("psql starts");
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What psql does for PostgreSQL.
fn on_sqlite(data_dir: &Path, statement: &str) -> rusqlite::Result<String> {
    let connection = sqlite(data_dir)?;
    let mut prepared = connection.prepare(statement)?;
    let columns = prepared.column_count();
    let mut rows = prepared.query([])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let values: rusqlite::Result<Vec<String>> =
            (0..columns).map(|column| row.get_ref(column).map(shown)).collect();
        lines.push(values?.join("|"));
    }
    Ok(lines.join("\n"))
}

fn sqlite(data_dir: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(data_dir.join("steward.db"))?;
    connection.busy_timeout(TIMEOUT)?;
    Ok(connection)
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

impl OwnServer {
    /// Runs a statement, whether the server runs or not, and returns its result, one line per row.
    pub(crate) fn sql(&self, statement: &str) -> String {
        run(&self.data_dir(), self.database_url().as_deref(), statement)
    }

    /// Runs statements that lock something, and holds the transaction open for a while: on PostgreSQL the
    /// statements have to take that time themselves.
    pub(crate) fn hold(&self, statements: &str, time: Duration) {
        if self.database_url().is_some() {
            self.sql(statements);
            return;
        }
        let held = sqlite(&self.data_dir()).and_then(|connection| {
            connection.execute_batch(statements)?;
            sleep(time);
            connection.execute_batch("ROLLBACK")
        });
        held.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// Waits until a statement returns this.
    pub(crate) fn wait_for_sql(&self, statement: &str, answer: &str) {
        let start = Instant::now();
        loop {
            let found = self.sql(statement);
            if found == answer {
                return;
            }
            assert!(start.elapsed() < TIMEOUT, "{statement}: {found}");
            sleep(Duration::from_millis(200));
        }
    }

    /// Waits until every mail was sent or tried, and none is in progress.
    pub(crate) fn wait_until_mail_is_idle(&self) {
        let busy = "SELECT count(*) FROM mails \
                    WHERE status = 'queued' AND (last_error IS NULL OR leased_until IS NOT NULL)";
        self.wait_for_sql(busy, "0");
    }

    /// Ends all pauses between two mails to one address.
    pub(crate) fn end_mail_pauses(&self) {
        self.sql("DELETE FROM mail_pauses");
    }

    /// Makes every queued mail due.
    pub(crate) fn make_mail_due(&self) {
        self.sql("UPDATE mails SET due_at = created_at WHERE status = 'queued'");
    }
}

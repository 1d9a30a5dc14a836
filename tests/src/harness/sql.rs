//! The database of an `OwnServer`, changed directly, so that time passes at once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::database::psql;
use super::server::{OwnServer, unpoisoned};
use super::world::Org;

const TIMEOUT: Duration = Duration::from_secs(60);

/// What psql does for PostgreSQL, for a SQLite file.
const SQLITE: &str = "import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=60)
for row in connection.execute(sys.argv[2]):
    print(*row, sep='|')
connection.commit()";

const HOLD: &str = "import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
time.sleep(float(sys.argv[3]))
connection.execute('ROLLBACK')";

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
    let output = match database_url {
        Some(url) => Command::new(psql())
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .args([url, "--command", statement])
            .output(),
        None => Command::new("python3")
            .args(["-c", SQLITE])
            .arg(data_dir.join("steward.db"))
            .arg(statement)
            .output(),
    };
    let output = output.expect("psql or python3 starts");
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
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
        let held = Command::new("python3")
            .args(["-c", HOLD])
            .arg(self.data_dir().join("steward.db"))
            .args([statements, &time.as_secs_f64().to_string()])
            .status();
        assert!(held.expect("python3 starts").success(), "{statements}");
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
    pub(crate) fn wait_until_mail_rests(&self) {
        let busy = "SELECT count(*) FROM mails \
                    WHERE status = 'queued' AND (last_error IS NULL OR leased_until IS NOT NULL)";
        self.wait_for_sql(busy, "0");
    }

    /// Ends all pauses between two mails to one address.
    pub(crate) fn end_mail_pauses(&self) {
        self.sql("DELETE FROM mail_pauses");
    }

    /// Makes every queued mail due.
    pub(crate) fn hurry_mail(&self) {
        self.sql("UPDATE mails SET due_at = created_at WHERE status = 'queued'");
    }
}

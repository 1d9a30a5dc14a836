//! The database under the servers of this run, as `STEWARD_TEST_DATABASE` says: SQLite unless told.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::{env, fs};

use super::unique;

/// Whether the suite runs on PostgreSQL.
pub(crate) fn is_postgres() -> bool {
    match env::var("STEWARD_TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("STEWARD_TEST_DATABASE is {other}, neither sqlite nor postgres"),
    }
}

/// A database of one server on PostgreSQL.
#[derive(Clone)]
pub(super) struct Database {
    name: String,
}

impl Database {
    /// An empty one, or nothing when the run is on SQLite.
    pub(super) fn fresh() -> Option<Self> {
        // One after the other: two at once can be refused for sharing the template.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        is_postgres().then(|| {
            let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let name = format!("steward_{}_{}", std::process::id(), unique("db").replace('-', "_"));
            let made = Command::new(psql())
                .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", &maintenance(), "--command"])
                .arg(format!("CREATE DATABASE {name} TEMPLATE template0"))
                .output()
                .expect("psql starts");
            assert!(made.status.success(), "CREATE DATABASE: {}", String::from_utf8_lossy(&made.stderr));
            Self { name }
        })
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        let maintenance = maintenance();
        let (place, options) = match maintenance.split_once('?') {
            Some((place, options)) => (place, format!("?{options}")),
            None => (maintenance.as_str(), String::new()),
        };
        let (server, _) = place.rsplit_once('/').expect("STEWARD_TEST_POSTGRES_URL names a database");
        format!("{server}/{}{options}", self.name)
    }

    /// A line of shell that removes it.
    pub(super) fn removal(&self) -> String {
        let psql = psql();
        let (psql, url) = (psql.display(), maintenance());
        format!(
            "'{psql}' --no-psqlrc --quiet '{url}' --command 'DROP DATABASE IF EXISTS {} WITH (FORCE)'",
            self.name
        )
    }
}

fn maintenance() -> String {
    env::var("STEWARD_TEST_POSTGRES_URL").expect("STEWARD_TEST_POSTGRES_URL says where PostgreSQL is")
}

pub(crate) fn psql() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let folders = debian.into_iter().rev().chain(env::split_paths(&path));
    folders.map(|folder| folder.join("psql")).find(|found| found.is_file()).expect("psql is installed")
}

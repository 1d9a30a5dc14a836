//! The database under the servers of this run, as `STEWARD_TEST_DATABASE` says; default: SQLite.

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
    /// The login that owns it, with its password; `None`: the administrator's.
    login: Option<String>,
}

/// Runs statements as the administrator.
fn administer(statements: &[String]) {
    let mut psql = Command::new(psql());
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", &maintenance()]);
    for statement in statements {
        psql.arg("--command").arg(statement);
    }
    let done = psql.output().expect("psql starts");
    assert!(done.status.success(), "{statements:?}: {}", String::from_utf8_lossy(&done.stderr));
}

impl Database {
    /// An empty one; `None` on SQLite.
    pub(super) fn empty() -> Option<Self> {
        is_postgres().then(|| Self::created_from("template0"))
    }

    /// Another one with the same contents. Nobody may be connected to this one.
    pub(super) fn copy(&self) -> Self {
        Self::created_from(&self.name)
    }

    fn created_from(template: &str) -> Self {
        // One after the other: concurrent ones can be refused for sharing the template.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let name = format!("steward_{}_{}", std::process::id(), unique("db").replace('-', "_"));
        administer(&[format!("CREATE DATABASE {name} TEMPLATE {template}")]);
        Self { name, login: None }
    }

    /// One that an administrator's script creates. `steward`, the name of database and login in the script,
    /// is replaced. Roles of the whole server exist already if another test was faster.
    pub(super) fn by_script(script: &str) -> Self {
        let name = format!("steward_{}_{}", std::process::id(), unique("login").replace('-', "_"));
        let statements = script.split(';').map(str::trim).filter(|statement| !statement.is_empty());
        let own = |statement: &str| {
            let words = statement.split(' ').map(|word| if word == "steward" { name.as_str() } else { word });
            words.collect::<Vec<_>>().join(" ")
        };
        let of_server = |statement: &str| {
            statement.starts_with("CREATE ROLE steward_app")
                || statement.starts_with("CREATE ROLE steward_search")
        };
        let statements: Vec<String> = statements
            .map(|statement| match of_server(statement) {
                true => format!(
                    "DO $$ BEGIN {statement}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                ),
                false => own(statement),
            })
            .collect();
        administer(&statements);
        Self { login: Some(format!("{name}:steward-database")), name }
    }

    /// Its URL.
    pub(super) fn url(&self) -> String {
        let maintenance = maintenance();
        let (place, options) = match maintenance.split_once('?') {
            Some((place, options)) => (place, format!("?{options}")),
            None => (maintenance.as_str(), String::new()),
        };
        let (server, _) = place.rsplit_once('/').expect("STEWARD_TEST_POSTGRES_URL names a database");
        match &self.login {
            None => format!("{server}/{}{options}", self.name),
            Some(login) => {
                let (_, host) = server.rsplit_once('@').expect("STEWARD_TEST_POSTGRES_URL names a user");
                format!("postgres://{login}@{host}/{}{options}", self.name)
            }
        }
    }

    /// A line of shell that removes it.
    pub(super) fn removal(&self) -> String {
        let psql = psql();
        let (psql, url) = (psql.display(), maintenance());
        let name = &self.name;
        let role = self.login.as_ref().map(|_| format!(" --command 'DROP ROLE IF EXISTS {name}'"));
        format!(
            "'{psql}' --no-psqlrc --quiet '{url}' --command 'DROP DATABASE IF EXISTS {name} WITH (FORCE)'{}",
            role.unwrap_or_default()
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

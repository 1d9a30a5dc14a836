//! Migrations up, down and up again, and the two schemas side by side: tests of the persistence crate.

use crate::outcome::Outcome;
use crate::postgres::Postgres;
use crate::process;
use crate::workspace::Workspace;

/// Runs only those tests.
pub(crate) fn run(workspace: &Workspace, sqlite_only: bool) -> Outcome {
    let server = if sqlite_only { None } else { Some(Postgres::start()?) };
    let mut command = workspace.cargo(&["test", "--workspace", "--test", "migrations"]);
    command.env_remove("STEWARD_TEST_POSTGRES_URL");
    if let Some(server) = &server {
        command.env("STEWARD_TEST_POSTGRES_URL", server.url());
    }
    process::run(&mut command)
}

//! All tests.

use std::collections::HashSet;
use std::path::Path;
use std::{env, fs};

use crate::outcome::Outcome;
use crate::postgres::Postgres;
use crate::report::{Steps, say};
use crate::workspace::Workspace;
use crate::{contract, openapi, process};

/// Examples of schemathesis per operation, enough for each change; `cargo xtask contract` takes more.
const EXAMPLES: u32 = 5;

/// What to leave out.
#[derive(Default)]
pub(crate) struct Options {
    sqlite_only: bool,
    filter: Vec<String>,
}

impl Options {
    /// Reads `[--sqlite-only] [-- FILTER]`.
    pub(crate) fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--sqlite-only" => options.sqlite_only = true,
                "--" => options.filter = rest.by_ref().cloned().collect(),
                other => return Err(format!("no option {other}; a test filter stands after --")),
            }
        }
        Ok(options)
    }
}

/// Unit tests, the HTTP suite on each database, and the contract run.
pub(crate) fn run(workspace: &Workspace, options: &Options, steps: &mut Steps) {
    if !steps.run("build", || workspace.build()) {
        return;
    }
    let postgres = if options.sqlite_only { None } else { steps.make("private PostgreSQL", Postgres::start) };
    let url = postgres.as_ref().map(Postgres::url);
    steps.run("unit and property tests", || unit(workspace, options, url.as_deref()));
    steps.run("HTTP suite on SQLite", || suite(workspace, options, "sqlite", None));
    if let Some(url) = &url {
        steps.run("HTTP suite on PostgreSQL", || suite(workspace, options, "postgres", Some(url)));
    }
    drop(postgres);
    if options.filter.is_empty() {
        contract::run_built(workspace, EXAMPLES, steps);
    } else {
        say("\nA filter is given: neither the coverage of operations nor the contract run is asked for.");
    }
}

/// The test program that needs a server; all others are unit and property tests.
const HTTP_SUITE: &str = "http";

fn unit(workspace: &Workspace, options: &Options, postgres: Option<&str>) -> Outcome {
    for program in workspace.test_programs()?.iter().filter(|program| program.name != HTTP_SUITE) {
        say(&format!("\n{}", program.name));
        let mut command = program.command();
        process::without_settings(&mut command).args(&options.filter);
        if let Some(url) = postgres {
            command.env("STEWARD_TEST_POSTGRES_URL", url);
        }
        process::run(&mut command)?;
    }
    Ok(())
}

/// Number of concurrent tests: they mostly wait, for mail, jobs and slow clients.
const AT_ONCE: &str = "12";
/// Tests with this in their names compare times: they run alone, and their servers hash passwords at the real
/// cost.
const TIMED: &str = "takes_as_long";

fn suite(workspace: &Workspace, options: &Options, database: &str, postgres: Option<&str>) -> Outcome {
    let coverage = workspace.target.join(format!("operations-{database}.txt"));
    fs::write(&coverage, "").map_err(|error| format!("{}: {error}", coverage.display()))?;
    let programs = workspace.test_programs()?;
    let http = programs.iter().find(|program| program.name == HTTP_SUITE);
    let http = http.ok_or(format!("no test program is called {HTTP_SUITE}"))?;
    let run = |arguments: &[&str], is_timed: bool| {
        let mut command = http.command();
        process::without_settings(&mut command)
            .args(arguments)
            .env("STEWARD_TEST_DATABASE", database)
            .env("STEWARD_BIN", workspace.steward())
            .env("STEWARD_TEST_OPENAPI", workspace.contract())
            .env("STEWARD_TEST_COVERAGE", &coverage);
        if let Some(url) = postgres {
            command.env("STEWARD_TEST_POSTGRES_URL", url);
        }
        if is_timed {
            command.env("STEWARD_TEST_TIMED", "1");
        }
        if let Some(update) = env::var_os("STEWARD_UPDATE_SNAPSHOTS") {
            command.env("STEWARD_UPDATE_SNAPSHOTS", update);
        }
        process::run(&mut command)
    };
    if !options.filter.is_empty() {
        return run(&options.filter.iter().map(String::as_str).collect::<Vec<_>>(), false);
    }
    run(&["--skip", TIMED, "--test-threads", AT_ONCE], false)?;
    run(&[TIMED, "--test-threads", "1"], true)?;
    exercised(workspace, database, &coverage)
}

/// A fault of the server: no request leads to it.
const NEVER_SEEN: &str = "internal_error";
/// Two requests with one key run at once only where there are several writers.
const NEVER_SEEN_ON_SQLITE: &str = "idempotency_in_progress";

/// Fails for an operation that no test has called, and for a declared problem that no test has met: one that many
/// operations share anywhere, every other one at its operation.
fn exercised(workspace: &Workspace, database: &str, coverage: &Path) -> Outcome {
    let text = fs::read_to_string(coverage).map_err(|error| format!("{}: {error}", coverage.display()))?;
    let seen: HashSet<(&str, &str)> = text.lines().filter_map(|line| line.split_once(' ')).collect();
    let operations = openapi::operations(workspace)?;
    let mut missed = Vec::new();
    for operation in &operations {
        if !seen.iter().any(|(id, _)| *id == operation.id) {
            missed.push(operation.id.clone());
        }
        for code in &operation.problem_codes {
            let is_own = operation.own_problem_codes.contains(code);
            let is_seen = seen.iter().any(|(id, met)| met == code && (!is_own || *id == operation.id));
            let is_impossible = code == NEVER_SEEN || (database == "sqlite" && code == NEVER_SEEN_ON_SQLITE);
            if !is_seen && !is_impossible {
                missed.push(format!("{} with {code}", operation.id));
            }
        }
    }
    if missed.is_empty() {
        say(&format!("all {} operations were exercised, with each of their problems", operations.len()));
        return Ok(());
    }
    Err(format!("no test exercises {}", missed.join(", ")))
}

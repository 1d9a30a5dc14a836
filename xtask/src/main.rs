//! The project's commands: `cargo xtask <command>`. A missing tool is installed if possible, and otherwise
//! reported.

mod bench;
mod ci;
mod circles;
mod contract;
mod deployment;
mod language;
mod layers;
mod migrations;
mod openapi;
mod outcome;
mod postgres;
mod process;
mod report;
mod scratch;
mod server;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use outcome::Outcome;
use report::Steps;
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask <command>

  ci                                  formatting, clippy, layers, tidy, openapi --check, then test
  test [--sqlite-only] [-- FILTER]    everything that is tested; with a filter only the tests whose name holds it
  contract [--examples N]             linters, breaking changes, generated clients and schemathesis (25 examples)
  openapi [--check]                   write openapi.yaml from the code, or fail when the two differ
  migrations [--sqlite-only]          migrations up, down and up again on both databases
  layers                              the dependency rule of ARCHITECTURE.md
  tidy                                file sizes, left-overs, and what the deployment grants
  bench [--large]                   load and micro benchmarks";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut steps = Steps::default();
    if let Err(fault) = dispatch(&arguments, &mut steps) {
        report::say(&format!("xtask: {fault}"));
        return ExitCode::from(2);
    }
    steps.close()
}

fn dispatch(arguments: &[String], steps: &mut Steps) -> Outcome {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(format!("no command\n\n{USAGE}"));
    };
    let workspace = Workspace::find()?;
    match command.as_str() {
        "ci" => {
            only(rest, &[])?;
            ci::run(&workspace, steps);
        }
        "test" => test::run(&workspace, &test::Options::parse(rest)?, steps),
        "contract" => contract::run(&workspace, contract::examples(rest)?, steps),
        "openapi" => {
            only(rest, &["--check"])?;
            if rest.is_empty() {
                steps.run("openapi", || openapi::write(&workspace));
            } else {
                steps.run("openapi up to date", || openapi::check(&workspace));
            }
        }
        "migrations" => {
            only(rest, &["--sqlite-only"])?;
            steps.run("migrations", || migrations::run(&workspace, !rest.is_empty()));
        }
        "layers" => {
            only(rest, &[])?;
            steps.run("layers", || layers::check(&workspace));
        }
        "tidy" => {
            only(rest, &[])?;
            steps.run("tidy", || tidy::check(&workspace));
        }
        "bench" => {
            steps.run("bench", || bench::run(&workspace, rest));
        }
        "help" | "--help" | "-h" => report::say(USAGE),
        other => return Err(format!("no command {other}\n\n{USAGE}")),
    }
    Ok(())
}

/// Refuses unknown arguments.
fn only(given: &[String], known: &[&str]) -> Outcome {
    match given.iter().find(|argument| !known.contains(&argument.as_str())) {
        Some(unknown) => Err(format!("no option {unknown}\n\n{USAGE}")),
        None => Ok(()),
    }
}

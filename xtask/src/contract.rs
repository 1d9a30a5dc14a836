//! Checks the contract: its rules, the scripts of its page, the last release, two generated clients and the running
//! server.

mod breaking;
mod clients;
mod lint;
mod reference;
mod schemathesis;

use crate::outcome::Outcome;
use crate::report::Steps;
use crate::tools;
use crate::workspace::Workspace;

/// Reads `[--examples N]`; 25 when not given.
pub(crate) fn examples(arguments: &[String]) -> Outcome<u32> {
    match arguments {
        [] => Ok(25),
        [option, number] if option == "--examples" => number
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| format!("--examples {number} is no number")),
        _ => Err("contract takes [--examples N]".to_owned()),
    }
}

/// Builds the program and runs all checks.
pub(crate) fn run(workspace: &Workspace, examples: u32, steps: &mut Steps) {
    if steps.run("build", || workspace.build()) {
        run_built(workspace, examples, steps);
    }
}

/// The same for a program that is built.
pub(crate) fn run_built(workspace: &Workspace, examples: u32, steps: &mut Steps) {
    let python = steps.make("Python tools", || tools::python(workspace));
    let node = steps.make("Node tools", || tools::node(workspace));
    if let Some(node) = &node {
        steps.run("contract: linters", || lint::check(workspace, node));
        steps.run("contract: scripts of the reference", || reference::check(workspace, node));
    }
    let Some(python) = python else { return };
    steps.run("contract: breaking changes", || breaking::check(workspace, &python));
    if let Some(node) = &node {
        steps.run("contract: generated clients", || clients::check(workspace, &python, node));
    }
    steps.run("contract: schemathesis", || schemathesis::check(workspace, &python, examples));
}

//! The scripts of the API reference (`steward/src/docs`).

use std::process::Command;

use crate::outcome::Outcome;
use crate::process;
use crate::tools::Node;
use crate::workspace::Workspace;

/// Runs their tests with the test runner of Node.js.
pub(super) fn check(workspace: &Workspace, node: &Node) -> Outcome {
    let mut command = Command::new("node");
    command.arg("--test").arg(workspace.contract_kit().join("reference.test.mjs")).env("PATH", node.path());
    process::run(&mut command)
}

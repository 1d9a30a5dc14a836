//! Clients generated from the contract, under strict type checking.

use crate::outcome::Outcome;
use crate::process;
use crate::tools::{Node, Python};
use crate::workspace::Workspace;

/// TypeScript and Python, one method for each operation.
pub(super) fn check(workspace: &Workspace, python: &Python, node: &Node) -> Outcome {
    let mut command = python.command();
    command.arg(workspace.contract_kit().join("clients.py")).arg(workspace.contract());
    command.arg(workspace.target.join("contract-clients")).arg(&node.modules).env("PATH", node.path());
    process::run(&mut command)
}

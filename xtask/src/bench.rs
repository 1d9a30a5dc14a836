//! The benchmarks live in benches/, with their own README.

use crate::workspace::Workspace;
use crate::{Outcome, process};

/// Builds them for release and hands the arguments on.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    let mut command = workspace.cargo(&["run", "--release", "--package", "steward-benches", "--"]);
    process::run(command.args(arguments))
}

//! The contract as a document.

use std::process::Command;

use crate::outcome::Outcome;
use crate::tools::Node;
use crate::workspace::Workspace;
use crate::{process, report};

/// Spectral's and Redocly's rules and our own; warnings are shown and do not fail.
pub(super) fn check(workspace: &Workspace, node: &Node) -> Outcome {
    let rules = workspace.contract_kit().join("rules");
    let mut faults = Vec::new();
    for name in ["openapi.yaml", "steward.yaml"] {
        let mut command = node.command("spectral");
        command.args(["lint", "--quiet", "--fail-severity=error", "--fail-on-unmatched-globs", "--ruleset"]);
        collect_faults(lint(command.arg(rules.join(name)), workspace), &mut faults);
    }
    let mut command = node.command("redocly");
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    command.args(["lint", "--max-problems=1000", "--format=stylish", "--config"]);
    collect_faults(lint(command.arg(rules.join("redocly.yaml")), workspace), &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn lint(command: &mut Command, workspace: &Workspace) -> Outcome<String> {
    process::output(command.arg("openapi.yaml").current_dir(&workspace.root))
}

fn collect_faults(said: Outcome<String>, faults: &mut Vec<String>) {
    match said {
        Ok(warnings) if warnings.trim().is_empty() => {}
        Ok(warnings) => report::say(warnings.trim()),
        Err(fault) => faults.push(fault),
    }
}

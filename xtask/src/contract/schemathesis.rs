//! Requests made from the contract, valid and not, alone and in sequences, against a server with the demo world.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::outcome::Outcome;
use crate::server::Server;
use crate::tools::Python;
use crate::workspace::Workspace;
use crate::{process, report};

/// They end the session or the membership of the run itself, or lock its log-in by guessing.
const ENDS_THE_RUN: [&str; 9] = [
    "approve_org_change",
    "schedule_my_deletion",
    "suspend_member",
    "change_my_address",
    "change_my_password",
    "delete_current_session",
    "delete_my_session",
    "remove_member",
    "update_member",
];
/// Only the platform's owner may call these, in a run of its own.
const OF_THE_PLATFORM: [&str; 4] =
    ["create_org", "get_platform_settings", "publish_agreement", "update_platform_settings"];
const TAGS_OF_THE_PLATFORM: [&str; 6] =
    ["orgs", "platform", "agreements", "users", "platform_approvals", "platform_invitations"];
/// All operations with these tags belong to the platform.
const ONLY_OF_THE_PLATFORM: [&str; 3] = ["users", "platform_approvals", "platform_invitations"];

/// One run as the owner of an organization, while another owner approves what the first one requests; and one
/// as the platform owner.
pub(super) fn check(workspace: &Workspace, python: &Python, examples: u32) -> Outcome {
    let folder = workspace.target.join("contract-run");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut server = Server::start(workspace, &folder)?;
    let run = |user: &str, server: &Server| {
        let mut command = schemathesis(workspace, python, &folder, user);
        command.args(["run", "--url", &server.url(), "--max-examples", &examples.to_string()]);
        command.args(["--workers", "1", "--no-color", "--generation-database", "none"]);
        command.args(["--report", "junit", "--report-junit-path"]).arg(folder.join(format!("{user}.xml")));
        command
    };
    let mut as_owner = run("sunrise", &server);
    as_owner.args(["--phases", "examples,coverage,fuzzing,stateful"]);
    for operation in ENDS_THE_RUN.into_iter().chain(OF_THE_PLATFORM) {
        as_owner.args(["--exclude-operation-id", operation]);
    }
    for tag in ONLY_OF_THE_PLATFORM {
        as_owner.args(["--exclude-tag", tag]);
    }
    let mut as_platform = run("platform", &server);
    as_platform.args(["--phases", "examples,coverage,fuzzing"]);
    for tag in TAGS_OF_THE_PLATFORM {
        as_platform.args(["--include-tag", tag]);
    }
    let mut faults = Vec::new();
    for command in [&mut as_owner, &mut as_platform] {
        faults.extend(summed_up(process::output(command.arg(workspace.contract()))).err());
        faults.extend(server.check().err());
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\nserver log: {}", faults.join("\n"), log(&folder)))
    }
}

fn schemathesis(workspace: &Workspace, python: &Python, folder: &Path, user: &str) -> Command {
    let kit = workspace.contract_kit();
    let mut command = Command::new(python.program("st"));
    command.current_dir(folder).arg("--config-file").arg(kit.join("schemathesis.toml"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONPATH", &kit).env("SCHEMATHESIS_HOOKS", "hooks");
    command.env("STEWARD_CONTRACT_AUTH", kit.join("auth.json")).env("STEWARD_CONTRACT_USER", user);
    command
}

/// The last part of the tool's report.
fn summed_up(said: Outcome<String>) -> Outcome {
    let said = said?;
    let start = said.find("= SUMMARY").unwrap_or(0);
    if !said.contains("= SUMMARY") {
        return Err(format!("{said}\nschemathesis said nothing at the end"));
    }
    report::say(said.get(start..).unwrap_or(&said).trim_start_matches(['=', ' ']));
    Ok(())
}

fn log(folder: &Path) -> String {
    folder.join("server.log").display().to_string()
}

//! The committed contract, and its generation from the code.

use std::fs;
use std::process::Command;

use crate::outcome::Outcome;
use crate::workspace::Workspace;
use crate::{process, report};

/// Writes openapi.yaml.
pub(crate) fn write(workspace: &Workspace) -> Outcome {
    let path = workspace.contract();
    let current = generate(workspace)?;
    fs::write(&path, current).map_err(|error| format!("{}: {error}", path.display()))?;
    report::say("openapi.yaml written");
    Ok(())
}

/// Fails if openapi.yaml is not what the code generates.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let committed =
        fs::read_to_string(workspace.contract()).map_err(|error| format!("openapi.yaml: {error}"))?;
    let current = generate(workspace)?;
    if committed == current {
        return Ok(());
    }
    let line = committed.lines().zip(current.lines()).take_while(|(old, new)| old == new).count();
    let show = |text: &str| text.lines().nth(line).unwrap_or("(end of file)").trim().to_owned();
    Err(format!(
        "openapi.yaml is not what the code says; write it with `cargo xtask openapi`\nline {}: {}\n  code: {}",
        line + 1,
        show(&committed),
        show(&current)
    ))
}

/// The operationIds of the committed contract, in its order.
pub(crate) fn operation_ids(workspace: &Workspace) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(workspace.contract()).map_err(|error| format!("openapi.yaml: {error}"))?;
    let ids: Vec<String> = text.lines().filter_map(operation_id).collect();
    if ids.is_empty() { Err("openapi.yaml has no operation".to_owned()) } else { Ok(ids) }
}

/// An operation has a fixed depth (`paths`, path, method); the `operationId` of a link is deeper.
fn operation_id(line: &str) -> Option<String> {
    line.strip_prefix("      operationId: ").map(|id| id.trim().trim_matches(['\'', '"']).to_owned())
}

fn generate(workspace: &Workspace) -> Outcome<String> {
    workspace.build()?;
    let mut command = Command::new(workspace.steward());
    process::output(process::without_settings(&mut command).arg("openapi"))
}

#[cfg(test)]
mod tests {
    use super::operation_id;

    #[test]
    fn an_operation_is_distinguished_from_a_link() {
        assert_eq!(operation_id("      operationId: get_ticket").as_deref(), Some("get_ticket"));
        assert_eq!(operation_id("                operationId: get_ticket"), None);
        assert_eq!(operation_id("      summary: Get a ticket"), None);
    }
}

//! Changes that would break a client of the last release.

use std::fs;
use std::path::PathBuf;

use crate::outcome::Outcome;
use crate::tools::Python;
use crate::workspace::Workspace;
use crate::{process, report};

/// Tests the comparison itself, then compares with the newest of docs/releases/openapi-*.yaml.
pub(super) fn check(workspace: &Workspace, python: &Python) -> Outcome {
    let kit = workspace.contract_kit();
    process::output(python.command().current_dir(&kit).args(["-m", "unittest", "--quiet", "test_breaking"]))?;
    let Some(released) = last_release(workspace) else {
        report::say("nothing is released yet (docs/releases/openapi-*.yaml): nothing to compare with");
        return Ok(());
    };
    report::say(&format!("compared with {}", workspace.name(&released)));
    process::run(python.command().arg(kit.join("breaking.py")).args([released, workspace.contract()]))
}

fn last_release(workspace: &Workspace) -> Option<PathBuf> {
    let entries = fs::read_dir(workspace.root.join("docs").join("releases")).ok()?;
    let released = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        Some((version(entry.file_name().to_str()?)?, entry.path()))
    });
    released.max().map(|(_, path)| path)
}

/// The version in `openapi-1.10.0.yaml`, as numbers: 1.10 comes after 1.9.
fn version(file_name: &str) -> Option<Vec<u32>> {
    let text = file_name.strip_prefix("openapi-")?.strip_suffix(".yaml")?;
    text.trim_start_matches('v').split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_ordered_by_number() {
        assert!(version("openapi-1.10.0.yaml") > version("openapi-1.9.3.yaml"));
        assert_eq!(version("README.md"), None);
    }
}

//! The committed contract, and its generation from the code.

use std::fs;
use std::process::Command;

use serde_json::Value;

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

/// An operation of the contract.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) problem_codes: Vec<String>,
    /// Those of its own rules.
    pub(crate) own_problem_codes: Vec<String>,
}

/// The operations of the committed contract.
pub(crate) fn operations(workspace: &Workspace) -> Outcome<Vec<Operation>> {
    let text = fs::read_to_string(workspace.contract()).map_err(|error| format!("openapi.yaml: {error}"))?;
    let document: Value = yaml_serde::from_str(&text).map_err(|error| format!("openapi.yaml: {error}"))?;
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let methods = paths.filter_map(|(_, item)| item.as_object()).flatten();
    let operations: Vec<Operation> =
        methods.filter_map(|(_, operation)| Operation::read(operation)).collect();
    if operations.is_empty() {
        return Err("openapi.yaml has no operation".to_owned());
    }
    Ok(operations)
}

impl Operation {
    fn read(operation: &Value) -> Option<Self> {
        let id = operation.get("operationId")?.as_str()?.to_owned();
        let (all, own) = (words(operation, "x-problem-codes"), words(operation, "x-own-problem-codes"));
        Some(Self { id, problem_codes: all, own_problem_codes: own })
    }
}

fn words(value: &Value, name: &str) -> Vec<String> {
    let words = value.get(name).and_then(Value::as_array).into_iter().flatten();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn generate(workspace: &Workspace) -> Outcome<String> {
    workspace.build()?;
    let mut command = Command::new(workspace.steward());
    process::output(process::without_settings(&mut command).arg("openapi"))
}

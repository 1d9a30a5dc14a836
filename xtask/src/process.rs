//! Starting other programs, with an error that names the program.

use std::process::{Command, Output, Stdio};

use crate::outcome::Outcome;

/// Runs a program with its output shown; a status other than zero is an error.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let name = name(command);
    let status = command.status().map_err(|error| format!("{name} did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed: {status}")) }
}

/// Runs a program and returns its standard output. If it fails, the error is all of its output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let name = name(command);
    let Output { status, stdout, stderr } =
        command.output().map_err(|error| format!("{name} did not start: {error}"))?;
    let said = String::from_utf8_lossy(&stdout).into_owned();
    if status.success() {
        return Ok(said);
    }
    let complained = String::from_utf8_lossy(&stderr);
    Err(format!("{}\n{}\n{name} failed: {status}", said.trim_end(), complained.trim_end())
        .trim_start()
        .to_owned())
}

/// Runs a program with its standard error shown, and returns its standard output.
pub(crate) fn standard_output(command: &mut Command) -> Outcome<String> {
    let name = name(command);
    let told = command.stderr(Stdio::inherit()).output();
    let Output { status, stdout, .. } = told.map_err(|error| format!("{name} did not start: {error}"))?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    } else {
        Err(format!("{name} failed: {status}"))
    }
}

/// The environment of a Steward under test contains only what the test sets.
pub(crate) fn without_settings(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("STEWARD_") {
            command.env_remove(name);
        }
    }
    command
}

fn name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let program = program.rsplit('/').next().unwrap_or(&program);
    match command.get_args().next() {
        Some(first) => format!("{program} {}", first.to_string_lossy()),
        None => program.to_owned(),
    }
}

//! Paths: the repository, the build output, and cargo.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::outcome::Outcome;
use crate::process;

/// The repository as cargo sees it.
pub(crate) struct Workspace {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// The build output; respects CARGO_TARGET_DIR and cargo's own configuration.
    pub(crate) target: PathBuf,
    /// The answer of `cargo metadata`, without the packages from outside.
    pub(crate) metadata: Value,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Outcome<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
        let mut ask = Command::new(cargo());
        ask.current_dir(here).args(["metadata", "--no-deps", "--format-version", "1"]);
        let answer = process::output(&mut ask)?;
        let metadata: Value =
            serde_json::from_str(&answer).map_err(|error| format!("cargo metadata: {error}"))?;
        let folder = |key: &str| {
            metadata
                .get(key)
                .and_then(Value::as_str)
                .map(PathBuf::from)
                .ok_or(format!("cargo metadata has no {key}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")?, metadata })
    }

    /// A cargo command at the root of the repository.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo());
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// The program as the dev profile builds it.
    pub(crate) fn steward(&self) -> PathBuf {
        self.target.join("debug").join(format!("steward{}", std::env::consts::EXE_SUFFIX))
    }

    /// The committed contract.
    pub(crate) fn contract(&self) -> PathBuf {
        self.root.join("openapi.yaml")
    }

    /// The folder of the contract run's own files.
    pub(crate) fn contract_kit(&self) -> PathBuf {
        self.root.join("tests").join("contract")
    }

    /// Builds the program and all tests. One selection of packages has one set of features: a smaller
    /// selection elsewhere would build their dependencies again.
    pub(crate) fn build(&self) -> Outcome {
        process::run(&mut self.cargo(&["build", "--workspace", "--all-targets"]))
    }

    /// The test programs of all packages, as [`Workspace::build`] left them.
    pub(crate) fn test_programs(&self) -> Outcome<Vec<TestProgram>> {
        let arguments = ["test", "--workspace", "--no-run", "--message-format", "json-render-diagnostics"];
        let told = process::standard_output(&mut self.cargo(&arguments))?;
        let messages = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        Ok(messages.filter_map(|message| TestProgram::of(&message)).collect())
    }

    /// A path relative to the root of the repository, for messages.
    pub(crate) fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// A program made of tests.
pub(crate) struct TestProgram {
    /// What the crate or the file of tests is called.
    pub(crate) name: String,
    executable: PathBuf,
    /// The folder of its package.
    folder: PathBuf,
}

impl TestProgram {
    fn of(message: &Value) -> Option<Self> {
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
        let is_test = message.pointer("/profile/test").and_then(Value::as_bool)?;
        let executable = text("/executable").filter(|_| is_test)?.into();
        let folder = Path::new(text("/manifest_path")?).parent()?.to_owned();
        Some(Self { name: text("/target/name")?.to_owned(), executable, folder })
    }

    /// Runs it in the folder of its package, as cargo does.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.current_dir(&self.folder);
        command
    }
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

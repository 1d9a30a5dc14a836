//! A virtual environment with the Python tools, below the build output.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{install, is_current, stamp, which};
use crate::outcome::Outcome;
use crate::process;
use crate::workspace::Workspace;

const NEEDED: &str = "Python 3.11 or newer";

/// The environment's programs.
pub(crate) struct Python {
    programs: PathBuf,
}

impl Python {
    /// One of the environment's programs: `python`, `st`, `mypy`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Its interpreter, which leaves no compiled files beside the sources.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(self.program("python"));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// The tools of tests/contract/requirements.txt, installed if they are not there yet.
pub(crate) fn python(workspace: &Workspace) -> Outcome<Python> {
    let listed = workspace.contract_kit().join("requirements.txt");
    let wanted = fs::read_to_string(&listed).map_err(|error| format!("{}: {error}", listed.display()))?;
    let folder = workspace.target.join("contract-venv");
    if !is_current(&folder, &wanted) {
        create(&folder)?;
        pip_install(&folder, &["--requirement".as_ref(), listed.as_path()])?;
        stamp(&folder, &wanted)?;
    }
    Ok(Python { programs: folder.join("bin") })
}

/// An empty virtual environment; Debian has the module for it in a separate package.
pub(crate) fn create(folder: &Path) -> Outcome {
    if which("python3").is_none() {
        install(&["python3", "python3-venv"], NEEDED)?;
    }
    let version = "import sys; sys.exit(sys.version_info < (3, 11))";
    process::output(Command::new("python3").args(["-c", version]))
        .map_err(|_| format!("{NEEDED}: install it"))?;
    let venv = || {
        let mut command = Command::new("python3");
        command.args(["-m", "venv", "--clear"]).arg(folder);
        process::output(&mut command)
    };
    if venv().is_err() {
        install(&["python3-venv"], "python3 -m venv")?;
        venv()?;
    }
    Ok(())
}

/// Installs into a virtual environment.
pub(crate) fn pip_install(folder: &Path, what: &[&Path]) -> Outcome {
    let mut command = Command::new(folder.join("bin").join("python"));
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(what);
    process::output(&mut command).map(drop)
}

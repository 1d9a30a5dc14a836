//! External programs: found, or installed where that is possible, or named in the error.

mod node;
mod python;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) use node::{Node, node};
pub(crate) use python::{Python, python};

use crate::outcome::Outcome;
use crate::process;

/// A program's path, looked up as a shell would.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs Debian packages; an error that names them where that is impossible.
pub(crate) fn install(packages: &[&str], why: &str) -> Outcome {
    let wanted = packages.join(" ");
    if which("apt-get").is_none() || !is_root() {
        return Err(format!("{why}: install {wanted}"));
    }
    crate::report::say(&format!("{why}: installing {wanted}"));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        process::output(&mut command).map_err(|fault| format!("{fault}\n{why}: install {wanted}"))
    };
    apt(&["update", "-q"])?;
    apt(&[&["install", "-q", "-y", "--no-install-recommends"], packages].concat()).map(drop)
}

/// Whether the contents of a folder were installed from exactly these files; a stamp beside it contains their
/// text.
fn is_current(folder: &Path, wanted: &str) -> bool {
    std::fs::read_to_string(folder.join(".installed")).is_ok_and(|installed| installed == wanted)
}

fn stamp(folder: &Path, wanted: &str) -> Outcome {
    let path = folder.join(".installed");
    std::fs::write(&path, wanted).map_err(|error| format!("{}: {error}", path.display()))
}

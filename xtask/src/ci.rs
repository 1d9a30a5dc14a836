//! All checks that have to pass before a change is merged.

use crate::report::Steps;
use crate::workspace::Workspace;
use crate::{layers, openapi, process, test, tidy};

/// The cheap checks first, then the tests.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps) {
    steps.run("formatting", || process::run(&mut workspace.cargo(&["fmt", "--all", "--check"])));
    steps.run("clippy", || {
        process::run(&mut workspace.cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    steps.run("layers", || layers::check(workspace));
    steps.run("tidy", || tidy::check(workspace));
    steps.run("openapi up to date", || openapi::check(workspace));
    test::run(workspace, &test::Options::default(), steps);
}

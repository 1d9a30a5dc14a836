//! The arguments: the paths of programs and scripts, and whether to build the large world, too.

use std::path::PathBuf;

use crate::Outcome;

/// How to run.
pub(crate) struct Options {
    /// The server.
    pub(crate) steward: PathBuf,
    /// What it is compared with.
    pub(crate) baseline: PathBuf,
    /// The folder of wrk's scripts.
    pub(crate) scripts: PathBuf,
    /// With the world of 100 000 tickets.
    pub(crate) is_large: bool,
}

impl Options {
    /// `--steward FILE --baseline FILE --scripts FOLDER [--large]`
    pub(crate) fn parse() -> Outcome<Self> {
        let (mut steward, mut baseline, mut scripts, mut is_large) = (None, None, None, false);
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--steward" => steward = arguments.next(),
                "--baseline" => baseline = arguments.next(),
                "--scripts" => scripts = arguments.next(),
                "--large" => is_large = true,
                other => return Err(format!("no option {other}")),
            }
        }
        let path = |given: Option<String>, name: &str| {
            given.map(PathBuf::from).ok_or(format!("{name} is missing; start it with cargo xtask bench"))
        };
        Ok(Self {
            steward: path(steward, "--steward")?,
            baseline: path(baseline, "--baseline")?,
            scripts: path(scripts, "--scripts")?,
            is_large,
        })
    }
}

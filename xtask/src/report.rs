//! Output for people while a command runs: a header for each step, and a count at the end.

use std::process::ExitCode;
use std::time::Instant;

use crate::outcome::Outcome;

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a command line tool talks to its terminal here, and only here")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Runs steps one after the other, and continues after a failed one so that all faults are reported at once.
#[derive(Default)]
pub(crate) struct Steps {
    passed: u32,
    failed: Vec<String>,
}

impl Steps {
    /// Runs one step under its header; true when it passed.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Outcome) -> bool {
        self.make(name, step).is_some()
    }

    /// As `run`, for a step whose result others need.
    pub(crate) fn make<T>(&mut self, name: &str, step: impl FnOnce() -> Outcome<T>) -> Option<T> {
        say(&format!("\n== {name}"));
        let started = Instant::now();
        let outcome = step();
        let seconds = started.elapsed().as_secs_f32();
        match outcome {
            Ok(value) => {
                say(&format!("-- {name}: passed ({seconds:.1} s)"));
                self.passed += 1;
                Some(value)
            }
            Err(fault) => {
                say(&fault);
                say(&format!("-- {name}: FAILED ({seconds:.1} s)"));
                self.failed.push(name.to_owned());
                None
            }
        }
    }

    /// The last line, and the exit code of the command.
    pub(crate) fn close(self) -> ExitCode {
        if self.passed == 0 && self.failed.is_empty() {
            return ExitCode::SUCCESS;
        }
        say("");
        for name in &self.failed {
            say(&format!("failed: {name}"));
        }
        say(&format!("{} passed, {} failed", self.passed, self.failed.len()));
        if self.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

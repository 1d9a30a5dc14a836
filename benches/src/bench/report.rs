//! Output for people.

use std::time::Duration;

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a command line tool talks to its terminal here, and only here")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Milliseconds with two places.
pub(crate) fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

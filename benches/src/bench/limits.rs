//! The limits, and which of them were missed.

use std::process::ExitCode;

use crate::report::say;

/// The misses so far.
#[derive(Default)]
pub(crate) struct Limits {
    checked: u32,
    missed: Vec<String>,
}

impl Limits {
    /// The value has to be this or less.
    pub(crate) fn at_most(&mut self, what: &str, value: f64, limit: f64) {
        self.check(value <= limit, format!("{what}: {value:.2}, at most {limit:.2}"));
    }

    /// The value has to be this or more.
    pub(crate) fn at_least(&mut self, what: &str, value: f64, limit: f64) {
        self.check(value >= limit, format!("{what}: {value:.2}, at least {limit:.2}"));
    }

    fn check(&mut self, is_kept: bool, told: String) {
        self.checked += 1;
        if !is_kept {
            self.missed.push(told);
        }
    }

    /// Reports the misses, and returns the exit code.
    pub(crate) fn close(self) -> ExitCode {
        say("");
        for missed in &self.missed {
            say(&format!("missed: {missed}"));
        }
        say(&format!("{} limits checked, {} missed", self.checked, self.missed.len()));
        if self.missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn the_limit_itself_is_no_miss() {
        let mut limits = Limits::default();
        limits.at_most("a", 1.0, 1.0);
        limits.at_least("b", 1.0, 1.0);
        assert!(limits.missed.is_empty());
        limits.at_most("a", 1.1, 1.0);
        limits.at_least("b", 0.9, 1.0);
        assert_eq!((limits.checked, limits.missed.len()), (4, 2));
    }

    #[test]
    fn nan_is_a_miss() {
        let mut limits = Limits::default();
        limits.at_most("a", f64::NAN, 1.0);
        assert_eq!(limits.missed.len(), 1);
    }
}

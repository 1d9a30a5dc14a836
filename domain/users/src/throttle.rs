use chrono::{DateTime, TimeDelta, Utc};

/// How far back failed log-ins count.
pub const THROTTLE_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Failures of one account, or of one address, within the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: i64,
    /// The latest of them.
    pub last_at: Option<DateTime<Utc>>,
}

impl Failures {
    /// None at all.
    pub const NONE: Self = Self { count: 0, last_at: None };
}

/// Failures of one account, known or not, that are forgiven within the window.
const FREE_PER_ACCOUNT: i64 = 20;
/// Failures from one address that are forgiven; more, because a whole clinic may share it.
const FREE_PER_ADDRESS: i64 = 30;
const FIRST_WAIT_SECONDS: i64 = 30;

/// How long a log-in has to wait after these failures; `None`: it may be tried (S8, S003-30).
///
/// The wait doubles with each further failure and never exceeds the window, so no account is locked for good.
/// Only failures count: whoever knows the password and waits gets in.
pub fn wait_after_failures(account: Failures, address: Failures, now: DateTime<Utc>) -> Option<TimeDelta> {
    wait(account, FREE_PER_ACCOUNT, now).max(wait(address, FREE_PER_ADDRESS, now))
}

fn wait(failures: Failures, free: i64, now: DateTime<Utc>) -> Option<TimeDelta> {
    let over = u32::try_from(failures.count - free).ok()?;
    let seconds = FIRST_WAIT_SECONDS.saturating_mul(2_i64.saturating_pow(over));
    let pause = TimeDelta::seconds(seconds.min(THROTTLE_WINDOW.num_seconds()));
    let left = failures.last_at? + pause - now;
    (left > TimeDelta::zero()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(count: i64) -> Failures {
        Failures { count, last_at: Some(DateTime::UNIX_EPOCH) }
    }

    #[test]
    fn s003_30_the_wait_starts_late_and_grows_to_a_bound() {
        let now = DateTime::UNIX_EPOCH;
        let none = failures(0);
        assert_eq!(wait_after_failures(failures(19), failures(19), now), None);
        assert_eq!(wait_after_failures(failures(20), none, now), Some(TimeDelta::seconds(30)));
        assert_eq!(wait_after_failures(failures(21), none, now), Some(TimeDelta::seconds(60)));
        assert_eq!(wait_after_failures(failures(1000), none, now), Some(THROTTLE_WINDOW));
        assert_eq!(wait_after_failures(none, failures(29), now), None);
        assert_eq!(wait_after_failures(none, failures(30), now), Some(TimeDelta::seconds(30)));
        assert_eq!(wait_after_failures(failures(20), none, now + TimeDelta::seconds(30)), None);
    }
}

use chrono::{DateTime, TimeDelta, Utc};

/// The period in which attempts are counted.
pub const THROTTLE_WINDOW: TimeDelta = TimeDelta::minutes(15);
/// For how long a log-in makes a network known to an account: failures from elsewhere do not delay log-ins
/// from it.
pub const KNOWN_NETWORK_DAYS: TimeDelta = TimeDelta::days(30);

/// Failures per account, whether it exists or not, that are tolerated within the window.
const FREE_PER_ACCOUNT: usize = 20;
/// Failures per network that are tolerated; more than per account, because a whole clinic may share it.
const FREE_PER_NETWORK: usize = 30;
const FIRST_WAIT_SECONDS: i64 = 30;
/// The delay of an attempt while it depends on the outcome of earlier ones.
const PENDING_WAIT: TimeDelta = TimeDelta::seconds(1);
/// An attempt that has no outcome after this time was interrupted, and is treated as failed.
const LONGEST_PENDING: TimeDelta = TimeDelta::seconds(30);

/// An attempt to guess a password or a code. It is saved before it is checked, so that concurrent attempts
/// are counted like sequential ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Time of the attempt.
    pub at: DateTime<Utc>,
    /// Whether its outcome is pending. Successful attempts are not saved.
    pub is_pending: bool,
}

/// The attempts at one account, or from one network, within the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    failed: usize,
    last_failed_at: Option<DateTime<Utc>>,
    pending: usize,
}

impl Attempts {
    /// No attempts.
    pub const NONE: Self = Self { failed: 0, last_failed_at: None, pending: 0 };

    /// Those of `attempts` that are effective at this moment.
    pub fn of(attempts: &[Attempt], now: DateTime<Utc>) -> Self {
        let recent = attempts.iter().filter(|attempt| attempt.at > now - THROTTLE_WINDOW);
        let (pending, failed): (Vec<&Attempt>, Vec<&Attempt>) =
            recent.partition(|attempt| attempt.is_pending && attempt.at > now - LONGEST_PENDING);
        Self {
            failed: failed.len(),
            last_failed_at: failed.iter().map(|attempt| attempt.at).max(),
            pending: pending.len(),
        }
    }

    /// The delay of the next attempt after the failed ones; it doubles with each further failure.
    fn pause(&self, free: usize, now: DateTime<Utc>) -> Option<TimeDelta> {
        let over = u32::try_from(self.failed.checked_sub(free)?).ok()?;
        let seconds = FIRST_WAIT_SECONDS.saturating_mul(2_i64.saturating_pow(over));
        let pause = TimeDelta::seconds(seconds.min(THROTTLE_WINDOW.num_seconds()));
        let left = self.last_failed_at? + pause - now;
        (left > TimeDelta::zero()).then_some(left)
    }

    /// The same, if the pending ones might fail, too: all tolerated ones may run at once, and after them one
    /// at a time.
    fn wait(&self, free: usize, now: DateTime<Utc>) -> Option<TimeDelta> {
        let at_once = free.saturating_sub(self.failed).max(1);
        self.pause(free, now).or_else(|| (self.pending >= at_once).then_some(PENDING_WAIT))
    }
}

/// The delay of an attempt after those at the same account and from the same network; `None`: it may run now
/// (S8, S003-30).
///
/// The delay never exceeds the window, so no account is locked permanently: an owner who knows the password
/// can log in after it.
pub fn wait_before_attempt(account: Attempts, network: Attempts, now: DateTime<Utc>) -> Option<TimeDelta> {
    account.wait(FREE_PER_ACCOUNT, now).max(network.wait(FREE_PER_NETWORK, now))
}

/// How long the failed attempts at an account lock it (S000-11).
pub fn lock_after(account: Attempts, now: DateTime<Utc>) -> Option<TimeDelta> {
    account.pause(FREE_PER_ACCOUNT, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn attempts(failed: usize, pending: usize) -> Attempts {
        let failed = std::iter::repeat_n(Attempt { at: START, is_pending: false }, failed);
        let pending = std::iter::repeat_n(Attempt { at: START, is_pending: true }, pending);
        Attempts::of(&failed.chain(pending).collect::<Vec<_>>(), START)
    }

    fn seconds(seconds: i64) -> Option<TimeDelta> {
        Some(TimeDelta::seconds(seconds))
    }

    #[test]
    fn s003_30_the_delay_starts_late_and_grows_to_a_limit() {
        let (none, now) = (Attempts::NONE, START);
        assert_eq!(wait_before_attempt(attempts(19, 0), attempts(19, 0), now), None);
        assert_eq!(wait_before_attempt(attempts(20, 0), none, now), seconds(30));
        assert_eq!(wait_before_attempt(attempts(21, 0), none, now), seconds(60));
        assert_eq!(wait_before_attempt(attempts(1000, 0), none, now), Some(THROTTLE_WINDOW));
        assert_eq!(wait_before_attempt(none, attempts(29, 0), now), None);
        assert_eq!(wait_before_attempt(none, attempts(30, 0), now), seconds(30));
        assert_eq!(wait_before_attempt(attempts(20, 0), none, now + TimeDelta::seconds(30)), None);
    }

    #[test]
    fn pending_attempts_use_up_the_tolerated_failures() {
        let none = Attempts::NONE;
        assert_eq!(wait_before_attempt(attempts(0, 19), attempts(0, 29), START), None);
        assert_eq!(wait_before_attempt(attempts(0, 20), none, START), seconds(1));
        assert_eq!(wait_before_attempt(attempts(12, 8), none, START), seconds(1));
        assert_eq!(wait_before_attempt(none, attempts(0, 30), START), seconds(1));
        assert_eq!(wait_before_attempt(attempts(20, 1), none, START), seconds(30));
        assert_eq!(lock_after(attempts(19, 5), START), None, "none of the five has failed");
    }

    #[test]
    fn after_the_tolerated_failures_attempts_run_one_at_a_time() {
        let over = START + TimeDelta::seconds(30);
        let mut tried = vec![Attempt { at: START, is_pending: false }; 20];
        assert_eq!(wait_before_attempt(Attempts::of(&tried, over), Attempts::NONE, over), None);
        tried.push(Attempt { at: over, is_pending: true });
        assert_eq!(wait_before_attempt(Attempts::of(&tried, over), Attempts::NONE, over), seconds(1));
    }

    #[test]
    fn an_interrupted_attempt_is_treated_as_failed_and_an_old_one_is_ignored() {
        let cut_off = Attempts::of(&[Attempt { at: START, is_pending: true }], START + LONGEST_PENDING);
        assert_eq!(cut_off, Attempts { failed: 1, last_failed_at: Some(START), pending: 0 });
        let old = Attempts::of(&[Attempt { at: START, is_pending: false }], START + THROTTLE_WINDOW);
        assert_eq!(old, Attempts::NONE);
    }
}

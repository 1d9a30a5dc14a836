use chrono::{DateTime, TimeDelta, Utc};

/// How far back attempts count.
pub const THROTTLE_WINDOW: TimeDelta = TimeDelta::minutes(15);
/// For how long a log-in makes a network known to an account: what fails elsewhere does not delay it there.
pub const KNOWN_NETWORK_DAYS: TimeDelta = TimeDelta::days(30);

/// Failures of one account, known or not, that are forgiven within the window.
const FREE_PER_ACCOUNT: usize = 20;
/// Failures from one network that are forgiven; more, because a whole clinic may share it.
const FREE_PER_NETWORK: usize = 30;
const FIRST_WAIT_SECONDS: i64 = 30;
/// What an attempt waits while it depends on the outcome of earlier ones.
const PENDING_WAIT: TimeDelta = TimeDelta::seconds(1);
/// An attempt without an outcome after so long was cut off, and counts as failed.
const LONGEST_PENDING: TimeDelta = TimeDelta::seconds(30);

/// A guess at a password or a code. It is saved before it is judged, so that a burst is counted like a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Whether its outcome is not known yet. The successful ones are not kept.
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
    /// None at all.
    pub const NONE: Self = Self { failed: 0, last_failed_at: None, pending: 0 };

    /// Those of `attempts` that count at this moment.
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

    /// How long what failed makes the next attempt wait; it doubles with each further failure.
    fn pause(&self, free: usize, now: DateTime<Utc>) -> Option<TimeDelta> {
        let over = u32::try_from(self.failed.checked_sub(free)?).ok()?;
        let seconds = FIRST_WAIT_SECONDS.saturating_mul(2_i64.saturating_pow(over));
        let pause = TimeDelta::seconds(seconds.min(THROTTLE_WINDOW.num_seconds()));
        let left = self.last_failed_at? + pause - now;
        (left > TimeDelta::zero()).then_some(left)
    }

    /// The same, where those whose outcome is not known yet might fail: all the free ones may be tried at once, and one at
    /// a time after them.
    fn wait(&self, free: usize, now: DateTime<Utc>) -> Option<TimeDelta> {
        let at_once = free.saturating_sub(self.failed).max(1);
        self.pause(free, now).or_else(|| (self.pending >= at_once).then_some(PENDING_WAIT))
    }
}

/// How long an attempt has to wait after those at the same account and those from the same network; `None`: it may be
/// tried (S8, S003-30).
///
/// The wait never exceeds the window, so no account is locked for good: an owner who knows the password and waits logs in.
pub fn wait_before_attempt(account: Attempts, network: Attempts, now: DateTime<Utc>) -> Option<TimeDelta> {
    account.wait(FREE_PER_ACCOUNT, now).max(network.wait(FREE_PER_NETWORK, now))
}

/// For how long the failed attempts at an account lock it (S000-11).
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
    fn s003_30_the_wait_starts_late_and_grows_to_a_bound() {
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
    fn attempts_without_an_outcome_take_up_what_is_free() {
        let none = Attempts::NONE;
        assert_eq!(wait_before_attempt(attempts(0, 19), attempts(0, 29), START), None);
        assert_eq!(wait_before_attempt(attempts(0, 20), none, START), seconds(1));
        assert_eq!(wait_before_attempt(attempts(12, 8), none, START), seconds(1));
        assert_eq!(wait_before_attempt(none, attempts(0, 30), START), seconds(1));
        assert_eq!(wait_before_attempt(attempts(20, 1), none, START), seconds(30));
        assert_eq!(lock_after(attempts(19, 5), START), None, "none of the five has failed");
    }

    #[test]
    fn one_at_a_time_is_tried_once_the_free_ones_are_used() {
        let over = START + TimeDelta::seconds(30);
        let mut tried = vec![Attempt { at: START, is_pending: false }; 20];
        assert_eq!(wait_before_attempt(Attempts::of(&tried, over), Attempts::NONE, over), None);
        tried.push(Attempt { at: over, is_pending: true });
        assert_eq!(wait_before_attempt(Attempts::of(&tried, over), Attempts::NONE, over), seconds(1));
    }

    #[test]
    fn an_attempt_that_was_cut_off_counts_as_failed_and_an_old_one_not_at_all() {
        let cut_off = Attempts::of(&[Attempt { at: START, is_pending: true }], START + LONGEST_PENDING);
        assert_eq!(cut_off, Attempts { failed: 1, last_failed_at: Some(START), pending: 0 });
        let old = Attempts::of(&[Attempt { at: START, is_pending: false }], START + THROTTLE_WINDOW);
        assert_eq!(old, Attempts::NONE);
    }
}

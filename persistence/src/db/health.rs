//! Whether the database can be read and written now.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::timeout;

/// For how long a result is valid, so that the database is probed at most once a second.
const FRESH: Duration = Duration::from_secs(1);
/// A probe that takes longer is reported as failed; no second one is started beside it.
const PROBE_TIMEOUT: Duration = Duration::from_millis(1_500);

/// State of one way to use the database.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    last: Option<(Instant, bool)>,
    /// When something last succeeded that was not a probe.
    worked_at: Option<Instant>,
    running: Option<(Instant, watch::Receiver<Option<bool>>)>,
}

impl Health {
    /// Records a failure of the database. Only a later probe clears it: what succeeds meanwhile may have had
    /// nothing to save.
    pub(crate) fn failed(&self) {
        self.state().last = Some((Instant::now(), false));
    }

    /// Records a success. It distinguishes a busy database from an unreachable one if a probe takes too long.
    pub(crate) fn worked(&self) {
        self.state().worked_at = Some(Instant::now());
    }

    /// Whether it works, by the last result or by a probe. Returns within [`PROBE_TIMEOUT`].
    pub(crate) async fn check(&self, attempt: impl Future<Output = bool> + Send + 'static) -> bool {
        let (begun, mut result) = match self.known_or_running(attempt) {
            Ok(known) => return known,
            Err(running) => running,
        };
        let left = PROBE_TIMEOUT.saturating_sub(begun.elapsed());
        match timeout(left, result.wait_for(Option::is_some)).await {
            Ok(told) => told.is_ok_and(|works| *works == Some(true)),
            Err(_) => self.has_worked_since(Instant::now() - PROBE_TIMEOUT),
        }
    }

    /// Whether something has succeeded since then, without a failure after it.
    fn has_worked_since(&self, since: Instant) -> bool {
        let state = self.state();
        let failed_at = state.last.and_then(|(at, works)| (!works).then_some(at));
        state.worked_at.is_some_and(|at| at > since && failed_at.is_none_or(|failed_at| failed_at < at))
    }

    fn known_or_running(
        &self,
        attempt: impl Future<Output = bool> + Send + 'static,
    ) -> Result<bool, (Instant, watch::Receiver<Option<bool>>)> {
        let mut state = self.state();
        // If its sender is gone, it has panicked, and is dropped.
        if let Some(running) = state.running.clone().filter(|(_, result)| result.has_changed().is_ok()) {
            return Err(running);
        }
        if let Some((at, works)) = state.last
            && at.elapsed() < FRESH
        {
            return Ok(works);
        }
        let (tell, result) = watch::channel(None);
        let running = (Instant::now(), result);
        state.running = Some(running.clone());
        let health = self.clone();
        tokio::spawn(async move {
            let works = attempt.await;
            let mut state = health.state();
            state.last = Some((Instant::now(), works));
            state.running = None;
            let _ = tell.send(Some(works));
        });
        Err(running)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_thousand_checks_are_one_probe() {
        let (health, tries) = (Health::default(), Arc::new(AtomicU32::new(0)));
        for _ in 0..1_000 {
            let count = Arc::clone(&tries);
            assert!(health.check(async move { count.fetch_add(1, Ordering::Relaxed) < 1_000 }).await);
        }
        assert_eq!(tries.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_hanging_probe_delays_no_answer_and_starts_no_second_one() {
        let (health, tries) = (Health::default(), Arc::new(AtomicU32::new(0)));
        let begun = Instant::now();
        for _ in 0..10 {
            let count = Arc::clone(&tries);
            let hangs = async move {
                count.fetch_add(1, Ordering::Relaxed);
                std::future::pending().await
            };
            assert!(!health.check(hangs).await);
        }
        assert!(begun.elapsed() < PROBE_TIMEOUT * 2, "ten answers took {:?}", begun.elapsed());
        assert_eq!(tries.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_busy_database_is_not_mistaken_for_an_unreachable_one() {
        let health = Health::default();
        let busy = health.clone();
        let works = async {
            tokio::time::sleep(PROBE_TIMEOUT / 2).await;
            busy.worked();
        };
        let (answer, ()) = tokio::join!(health.check(std::future::pending()), works);
        assert!(answer);
        health.failed();
        assert!(!health.check(std::future::pending()).await, "the last of both counts");
    }

    #[tokio::test]
    async fn a_failed_attempt_is_reported_at_once() {
        let health = Health::default();
        assert!(health.check(async { true }).await);
        health.failed();
        assert!(!health.check(async { true }).await, "until it was tried again");
        tokio::time::sleep(FRESH).await;
        assert!(health.check(async { true }).await, "it recovers by itself");
    }
}

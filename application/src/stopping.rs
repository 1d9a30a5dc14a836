//! The state of the shutdown, for everything that could start new work.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The phase of the shutdown, and the work that delays it. Cheap to clone.
#[derive(Clone)]
pub struct Stopping(Arc<Inner>);

struct Inner {
    phase: watch::Sender<Phase>,
    /// The number of requests and jobs in progress.
    running: watch::Sender<usize>,
}

/// The phase of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Every request is served and every job runs.
    Serving,
    /// Requests are served, and each response closes its connection. Nothing else is started.
    Closing,
    /// New requests are refused.
    Refusing,
}

/// A request or job that shutdown waits for, until this is dropped.
pub struct Running(Stopping);

impl Default for Stopping {
    fn default() -> Self {
        let (phase, _) = watch::channel(Phase::Serving);
        let (running, _) = watch::channel(0);
        Self(Arc::new(Inner { phase, running }))
    }
}

impl Stopping {
    /// Whether shutdown has begun. Nothing new is started then.
    pub fn has_begun(&self) -> bool {
        self.phase() >= Phase::Closing
    }

    /// Makes shutdown wait until the result is dropped.
    pub fn running(&self) -> Running {
        self.0.running.send_modify(|count| *count += 1);
        Running(self.clone())
    }

    /// Returns after this time, or as soon as shutdown begins.
    pub async fn sleep(&self, time: Duration) {
        let mut phase = self.0.phase.subscribe();
        let _ = timeout(time, phase.wait_for(|phase| *phase >= Phase::Closing)).await;
    }

    /// The current phase.
    pub fn phase(&self) -> Phase {
        *self.0.phase.borrow()
    }

    /// Enters a later phase.
    pub fn enter(&self, phase: Phase) {
        log::info!("stop.{}", if phase == Phase::Closing { "closing" } else { "refusing" });
        self.0.phase.send_replace(phase);
    }

    /// The number of requests and jobs in progress.
    pub fn count(&self) -> usize {
        *self.0.running.borrow()
    }

    /// Returns once no request and no job is in progress.
    pub async fn wait_until_idle(&self) {
        let mut running = self.0.running.subscribe();
        let _ = running.wait_for(|count| *count == 0).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.send_modify(|count| *count = count.saturating_sub(1));
    }
}

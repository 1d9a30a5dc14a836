//! Whether the process is about to end, for everything that would begin something new.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// How far the process is on its way to its end, and what still keeps it. Cheap to clone.
#[derive(Clone)]
pub struct Stopping(Arc<Inner>);

struct Inner {
    phase: watch::Sender<Phase>,
    /// Requests and jobs under way.
    running: watch::Sender<usize>,
}

/// How far the process is on its way to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Every request is served and every job runs.
    Serving,
    /// Requests are served, and each answer closes its connection. Nothing else is begun.
    Closing,
    /// New requests are refused.
    Refusing,
}

/// A request or a job that the end waits for, until this is dropped.
pub struct Running(Stopping);

impl Default for Stopping {
    fn default() -> Self {
        let (phase, _) = watch::channel(Phase::Serving);
        let (running, _) = watch::channel(0);
        Self(Arc::new(Inner { phase, running }))
    }
}

impl Stopping {
    /// Whether the process was told to stop. Nothing new is begun then.
    pub fn is_begun(&self) -> bool {
        self.phase() >= Phase::Closing
    }

    /// Makes the end wait for something.
    pub fn running(&self) -> Running {
        self.0.running.send_modify(|count| *count += 1);
        Running(self.clone())
    }

    /// Comes back after this time, or as soon as the process is told to stop.
    pub async fn sleep(&self, time: Duration) {
        let mut phase = self.0.phase.subscribe();
        let _ = timeout(time, phase.wait_for(|phase| *phase >= Phase::Closing)).await;
    }

    /// How far it is.
    pub fn phase(&self) -> Phase {
        *self.0.phase.borrow()
    }

    /// Goes on to a later phase.
    pub fn enter(&self, phase: Phase) {
        log::info!("stop.{}", if phase == Phase::Closing { "closing" } else { "refusing" });
        self.0.phase.send_replace(phase);
    }

    /// How many requests and jobs are under way.
    pub fn count(&self) -> usize {
        *self.0.running.borrow()
    }

    /// Comes back once no request and no job is under way.
    pub async fn nothing_runs(&self) {
        let mut running = self.0.running.subscribe();
        let _ = running.wait_for(|count| *count == 0).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.send_modify(|count| *count = count.saturating_sub(1));
    }
}

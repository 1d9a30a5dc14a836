//! The places at which mails are sent.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Concurrent mails per process.
pub const PLACES: u32 = 4;

/// Permits to send mails. Each mail releases its permit when it ends, so that a slow conversation blocks no other.
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(usize::try_from(PLACES).unwrap_or(1))))
    }
}

impl Places {
    /// Waits until no mail is in progress.
    pub async fn empty(&self) {
        drop(self.0.acquire_many(PLACES).await);
    }

    /// All free permits, once there is at least one.
    pub async fn free(&self) -> Vec<OwnedSemaphorePermit> {
        let first = Arc::clone(&self.0).acquire_owned().await.ok();
        let more = std::iter::from_fn(|| Arc::clone(&self.0).try_acquire_owned().ok());
        first.into_iter().chain(more).collect()
    }
}

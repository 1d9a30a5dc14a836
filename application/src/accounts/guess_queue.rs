//! Guesses of this process that wait to be saved.

use persistence::{Db, Scope, Tx, limited};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Guesses that this process saves at the same time. Guesses at one account or from one network wait for each other,
/// each on a database connection, and other requests need connections as well.
const MAX_CONCURRENT_SAVES: usize = 4;

/// Saves guesses, a few at a time.
pub struct GuessQueue(Semaphore);

impl Default for GuessQueue {
    fn default() -> Self {
        Self(Semaphore::new(MAX_CONCURRENT_SAVES))
    }
}

impl GuessQueue {
    /// Runs the transaction that saves a guess. Waiting for a turn is part of the request's time limit.
    pub async fn save<T: Send + 'static>(
        &self,
        db: &Db,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        limited(async {
            let _turn = self.0.acquire().await.map_err(|_| Problem::internal())?;
            db.write(Scope::PLATFORM, work).await
        })
        .await
    }
}

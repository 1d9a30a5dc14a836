//! How long a request may wait for the database.

use std::cell::Cell;
use std::future::Future;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::StoreError;
use crate::db::error::Failure;

/// Maximum time of all transactions of one request together, and of each transaction outside of requests,
/// including the wait for the writer or for a connection.
const TIME_LIMIT: Duration = Duration::from_secs(25);

tokio::task_local! {
    /// The remainder of [`TIME_LIMIT`] for the current request.
    static LEFT: Cell<Duration>;
}

/// Runs a whole request: its database work takes 25 s at most, in however many transactions. Without this,
/// each transaction has a limit of its own.
pub async fn with_time_limit<F: Future>(request: F) -> F::Output {
    LEFT.scope(Cell::new(TIME_LIMIT), request).await
}

/// Runs something that waits for the database, and returns [`StoreError::TimedOut`] when the time of the
/// request has ended.
pub async fn limited<T, E: Failure>(wait: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let (left, begun) = (LEFT.try_with(Cell::get).unwrap_or(TIME_LIMIT), Instant::now());
    let result = timeout(left, wait).await;
    // Outside of a request there is nothing to count down.
    let _ = LEFT.try_with(|rest| rest.set(left.saturating_sub(begun.elapsed())));
    result.unwrap_or_else(|_| Err(StoreError::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn wait(time: Duration) -> Result<(), StoreError> {
        limited(async {
            tokio::time::sleep(time).await;
            Ok(())
        })
        .await
    }

    #[tokio::test]
    async fn the_transactions_of_a_request_share_its_time() {
        let request = async {
            LEFT.with(|left| left.set(Duration::from_millis(300)));
            (wait(Duration::from_millis(200)).await, wait(Duration::from_millis(200)).await)
        };
        assert_eq!(with_time_limit(request).await, (Ok(()), Err(StoreError::TimedOut)));
        assert_eq!(wait(Duration::from_millis(200)).await, Ok(()), "the next request has its own");
    }
}

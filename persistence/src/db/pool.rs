use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::StoreError;
use crate::db::connection::{AnyConnection, Target};

/// A bounded number of connections, opened when first needed and dropped as soon as one fails.
#[derive(Clone)]
pub(crate) struct Pool {
    target: Arc<Target>,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<AnyConnection>>>,
}

/// A connection from the pool, with its permit.
pub(crate) struct Leased {
    pub(crate) conn: AnyConnection,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(target: Target, size: usize) -> Self {
        Self { target: Arc::new(target), places: Arc::new(Semaphore::new(size)), idle: Arc::default() }
    }

    /// Waits for a permit; [`Pool::lease`] opens the connection itself, off the async threads.
    pub(crate) async fn place(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        Arc::clone(&self.places).acquire_owned().await.map_err(|e| StoreError::Unavailable(e.to_string()))
    }

    pub(crate) fn lease(&self, place: OwnedSemaphorePermit) -> Result<Leased, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.target.connect()?,
        };
        Ok(Leased { conn, _place: place })
    }

    /// Takes a working connection back; a failed one is dropped instead.
    pub(crate) fn return_connection(&self, leased: Leased) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(leased.conn);
    }

    /// Drops every idle connection, after one turned out to be dead.
    pub(crate) fn forget_idle(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

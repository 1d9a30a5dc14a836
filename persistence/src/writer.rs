use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::SimpleConnection;
use tokio::sync::{mpsc, oneshot};

use crate::connection::AnyConnection;
use crate::db::Failure;
use crate::{StoreError, Tx};

/// The one thread that writes to SQLite. Closures that wait together are committed together, each in a savepoint of its own.
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
}

/// Does the work, and answers with what to call once the commit is known.
type Job = Box<dyn FnOnce(&mut AnyConnection) -> Settle + Send>;

struct Settle {
    /// Tells the caller.
    tell: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
    /// The database itself failed; nothing more is added to this transaction.
    is_broken: bool,
}

const QUEUE: usize = 1024;
const MOST_TOGETHER: usize = 64;

impl Writer {
    pub(crate) fn start(mut conn: AnyConnection) -> Self {
        let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
        std::thread::spawn(move || {
            while let Some(first) = jobs.blocking_recv() {
                commit_together(&mut conn, first, &mut jobs);
            }
        });
        Self { queue }
    }

    pub(crate) async fn run<T, E>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = in_savepoint(conn, &work);
            let is_broken =
                result.as_ref().err().and_then(Failure::store_error).is_some_and(is_infrastructure);
            let tell = Box::new(move |commit: Result<(), StoreError>| {
                // The caller may have gone away; that changes nothing of what was committed.
                let _ = tell.send(result.and_then(|done| commit.map(|()| done).map_err(E::from)));
            });
            Settle { tell, is_broken }
        });
        let gone = || E::from(StoreError::Unavailable("the writer has stopped".to_owned()));
        self.queue.send(job).await.map_err(|_| gone())?;
        told.await.unwrap_or_else(|_| Err(gone()))
    }
}

fn commit_together(conn: &mut AnyConnection, first: Job, jobs: &mut mpsc::Receiver<Job>) {
    if let Err(error) = conn.batch_execute("BEGIN IMMEDIATE") {
        // Whoever waits for the dropped job is told that the database is away.
        log::error!("database.begin error={error}");
        let _ = conn.batch_execute("ROLLBACK");
        return drop(first);
    }
    let mut settled = vec![first(conn)];
    while settled.len() < MOST_TOGETHER && !settled.iter().any(|s| s.is_broken) {
        let Ok(job) = jobs.try_recv() else { break };
        settled.push(job(conn));
    }
    let outcome = conn.batch_execute("COMMIT").map_err(StoreError::from);
    if outcome.is_err() {
        let _ = conn.batch_execute("ROLLBACK");
    }
    for settle in settled {
        (settle.tell)(outcome.clone());
    }
}

fn in_savepoint<T, E: Failure>(
    conn: &mut AnyConnection,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    conn.batch_execute("SAVEPOINT work").map_err(StoreError::from)?;
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let mut tx = Tx::new(conn, true);
        work(&mut tx).and_then(|done| tx.finish().map(|()| done).map_err(E::from))
    }));
    let result = ran.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    let end = if result.is_ok() { "RELEASE work" } else { "ROLLBACK TO work; RELEASE work" };
    match conn.batch_execute(end) {
        Ok(()) => result,
        Err(error) => result.and(Err(StoreError::from(error).into())),
    }
}

fn is_infrastructure(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(_) | StoreError::Other(_))
}

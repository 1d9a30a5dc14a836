use std::any::type_name_of_val;
use std::mem::take;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use nix::time::{ClockId, clock_gettime};
use tokio::sync::{mpsc, oneshot};

use crate::db::connection::AnyConnection;
use crate::db::error::Failure;
use crate::db::queues::{Queue, wake};
use crate::{StoreError, Tx};

/// The one thread that writes to SQLite. Closures that are queued together are committed together, each in a
/// savepoint of its own.
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
}

struct Job {
    /// The function that the work belongs to: for a request, the operation.
    name: &'static str,
    /// Does the work, and returns what to call once the commit is known.
    run: Box<dyn FnOnce(&mut AnyConnection) -> Settle + Send>,
}

struct Settle {
    /// Notifies the caller.
    tell: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
    /// The database itself failed; nothing more is added to this transaction.
    is_broken: bool,
}

const QUEUE: usize = 1024;
const MAX_JOBS_PER_COMMIT: usize = 64;
/// After this time nothing more is added to a transaction, so that the first of its callers is answered soon.
const MAX_BATCH_DURATION: Duration = Duration::from_millis(100);
/// The longest that one closure, or one commit, may hold the writer: all other writes wait for it. Longer
/// work is done in bounded batches.
const SLOW_WRITE: Duration = Duration::from_millis(250);

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
        let name = function_of(type_name_of_val(&work));
        let run = Box::new(move |conn: &mut AnyConnection| {
            // The caller has disconnected: the work would only delay the others.
            if tell.is_closed() {
                return Settle { tell: Box::new(drop), is_broken: false };
            }
            let (result, filled) = in_savepoint(conn, &work);
            let is_broken =
                result.as_ref().err().and_then(Failure::store_error).is_some_and(is_infrastructure);
            let tell = Box::new(move |commit: Result<(), StoreError>| {
                // The caller may have disconnected; that does not affect what was committed.
                if result.is_ok() && commit.is_ok() {
                    wake(&filled);
                }
                let _ = tell.send(result.and_then(|done| commit.map(|()| done).map_err(E::from)));
            });
            Settle { tell, is_broken }
        });
        let gone = || E::from(StoreError::Unavailable("the writer has stopped".to_owned()));
        self.queue.send(Job { name, run }).await.map_err(|_| gone())?;
        told.await.unwrap_or_else(|_| Err(gone()))
    }
}

fn commit_together(conn: &mut AnyConnection, first: Job, jobs: &mut mpsc::Receiver<Job>) {
    if let Err(error) = conn.batch_execute("BEGIN IMMEDIATE") {
        // The caller of the dropped job gets an error.
        log::error!("database.begin error={error}");
        let _ = conn.batch_execute("ROLLBACK");
        return drop(first);
    }
    let begun = Instant::now();
    let mut settled = vec![measured(first, conn)];
    while settled.len() < MAX_JOBS_PER_COMMIT
        && begun.elapsed() < MAX_BATCH_DURATION
        && !settled.iter().any(|s| s.is_broken)
    {
        let Ok(job) = jobs.try_recv() else { break };
        settled.push(measured(job, conn));
    }
    let done = Instant::now();
    let outcome = conn.batch_execute("COMMIT").map_err(StoreError::from);
    if outcome.is_err() {
        let _ = conn.batch_execute("ROLLBACK");
    }
    if done.elapsed() > SLOW_WRITE {
        let (millis, closures) = (done.elapsed().as_millis(), settled.len());
        log::warn!("database.slow_commit closures={closures} millis={millis}");
    }
    for settle in settled {
        (settle.tell)(outcome.clone());
    }
}

/// Runs a closure, and warns if it held the writer for too long. `cpu_millis` is the closure's own CPU time,
/// whatever the load of the machine.
fn measured(job: Job, conn: &mut AnyConnection) -> Settle {
    let (begun, cpu) = (Instant::now(), cpu_time());
    let settle = (job.run)(conn);
    let (held, used) = (begun.elapsed(), cpu_time().saturating_sub(cpu));
    if held > SLOW_WRITE {
        let (name, millis, cpu_millis) = (job.name, held.as_millis(), used.as_millis());
        log::warn!("database.slow_write work={name} millis={millis} cpu_millis={cpu_millis}");
    }
    settle
}

/// The CPU time of this thread.
fn cpu_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}

/// The function that a closure belongs to, by the name of the closure's type. The frame of all requests is
/// generic over the closure of the operation, which is its last argument:
/// `Call<..>::write<create_ticket::{{closure}}>::{{closure}}`.
fn function_of(mut name: &str) -> &str {
    loop {
        name = name.trim_end_matches("::{{closure}}");
        match name.strip_suffix('>').and_then(last_argument) {
            Some(inner) => name = inner,
            None => return name,
        }
    }
}

/// The last of the arguments at the end of a type's name, without its closing `>`.
fn last_argument(name: &str) -> Option<&str> {
    let mut depth = 1;
    for (at, character) in name.char_indices().rev() {
        match character {
            '>' => depth += 1,
            '<' => depth -= 1,
            _ => {}
        }
        if depth == 0 || depth == 1 && character == ',' {
            return name.get(at + 1..).map(str::trim_start);
        }
    }
    None
}

fn in_savepoint<T, E: Failure>(
    conn: &mut AnyConnection,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> (Result<T, E>, Vec<Queue>) {
    if let Err(error) = conn.batch_execute("SAVEPOINT work") {
        return (Err(StoreError::from(error).into()), Vec::new());
    }
    let ran = catch_unwind(AssertUnwindSafe(|| {
        let mut tx = Tx::new(conn, true);
        let result = work(&mut tx).and_then(|done| tx.finish().map(|()| done).map_err(E::from));
        (result, take(&mut tx.filled))
    }));
    let (result, filled) = ran.unwrap_or_else(|_| (Err(StoreError::Panicked.into()), Vec::new()));
    let end = if result.is_ok() { "RELEASE work" } else { "ROLLBACK TO work; RELEASE work" };
    match conn.batch_execute(end) {
        Ok(()) => (result, filled),
        Err(error) => (result.and(Err(StoreError::from(error).into())), Vec::new()),
    }
}

fn is_infrastructure(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(_) | StoreError::Other(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_write_is_logged_with_its_function() {
        for (closure, function) in [
            ("steward::jobs::mails::send_due::{{closure}}::{{closure}}", "steward::jobs::mails::send_due"),
            (
                "steward::call::Call<a::Path, (), a::Body<u8>>::write<steward::tickets::create_ticket::{{closure}}::{{closure}}>::{{closure}}",
                "steward::tickets::create_ticket",
            ),
            ("a::both<u8, b::of<c::d::{{closure}}>::{{closure}}>::{{closure}}", "c::d"),
            ("odd>", "odd>"),
        ] {
            assert_eq!(function_of(closure), function);
        }
    }
}

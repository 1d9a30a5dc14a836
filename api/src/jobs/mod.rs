//! What is done beside requests, one file per job.

mod account_requests;
mod due;
pub(crate) mod first_setup;
pub(crate) mod mails;
pub(crate) mod strays;
mod sweep;
mod votes;

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::future::select;
use persistence::{Queue, Scope, StoreError, Tx};

use crate::app::App;
use crate::problem::Problem;

/// Work that is repeated.
struct Job {
    name: &'static str,
    /// How long it rests once there is nothing left to do.
    rest: Duration,
    /// The queue that ends the rest early.
    queue: Option<Queue>,
    /// Does one step; true when there may be another to do at once.
    step: fn(App) -> Step,
}

type Step = Pin<Box<dyn Future<Output = Result<bool, Problem>>>>;

/// A queue that another process filled is looked at this often.
const QUEUE_REST: Duration = Duration::from_millis(500);
/// How long what has fallen due may wait.
const DUE_REST: Duration = Duration::from_secs(5);
const SWEEP_REST: Duration = Duration::from_secs(600);

const JOBS: &[Job] = &[
    Job {
        name: "account_requests",
        rest: QUEUE_REST,
        queue: Some(Queue::AccountRequests),
        step: |app| Box::pin(async move { account_requests::handle_next(&app).await }),
    },
    Job {
        name: "mails",
        rest: QUEUE_REST,
        queue: Some(Queue::Mail),
        step: |app| Box::pin(async move { mails::send_due(&app).await }),
    },
    Job {
        name: "due",
        rest: DUE_REST,
        queue: None,
        step: |app| Box::pin(async move { due::do_what_is_due(&app).await.map(|()| false) }),
    },
    Job {
        name: "deletions",
        rest: DUE_REST,
        queue: None,
        step: |app| Box::pin(async move { due::carry_out_deletions(&app).await.map(|()| false) }),
    },
    Job {
        name: "purges",
        rest: DUE_REST,
        queue: None,
        step: |app| Box::pin(async move { due::continue_purges(&app).await.map(|()| false) }),
    },
    Job {
        name: "announcements",
        rest: DUE_REST,
        queue: Some(Queue::Announcements),
        step: |app| Box::pin(async move { votes::announce_approvers(&app).await.map(|()| false) }),
    },
    Job {
        name: "reminders",
        rest: DUE_REST,
        queue: None,
        step: |app| Box::pin(async move { votes::remind_of_changes(&app).await.map(|()| false) }),
    },
    Job {
        name: "settlements",
        rest: DUE_REST,
        queue: None,
        step: |app| Box::pin(async move { votes::settle_changes(&app).await.map(|()| false) }),
    },
    Job {
        name: "sweep",
        rest: SWEEP_REST,
        queue: None,
        step: |app| Box::pin(async move { sweep::sweep(&app).await.map(|()| false) }),
    },
    Job {
        name: "strays",
        rest: SWEEP_REST,
        queue: None,
        step: |app| Box::pin(async move { app.strays.lock().await.step(&app).await.map(|()| false) }),
    },
];

/// Starts the jobs, each beside the others: a mail server that is slow holds up no other job. They begin nothing new once the
/// process was told to stop, which waits for what is under way.
pub(crate) fn start(app: &App) {
    for job in JOBS {
        actix_web::rt::spawn(repeat(job, app.clone()));
    }
}

/// Does everything that is due now: each job until it has nothing left to do, and all of them again as long as one adds to
/// the queue of another.
pub(crate) async fn run_due(app: &App) -> Result<(), Problem> {
    loop {
        let mut has_worked = false;
        for job in JOBS {
            while (job.step)(app.clone()).await? {
                has_worked = true;
            }
        }
        app.mail_places.empty().await;
        if !has_worked {
            return Ok(());
        }
    }
}

/// Rows read in one go.
const AT_MOST: i64 = 50;

/// Handles all that is due, a page after the other, each in transactions of its own that look again whether there is still
/// something to do. One that fails holds up none behind it: it is logged, and tried again by the next run. A row is named by its
/// place in the order of the pages.
async fn handle_each<Place: Clone + Send + 'static>(
    app: &App,
    due: impl Fn(&mut Tx<'_>, Option<Place>, i64) -> Result<Vec<Place>, StoreError> + Copy + Send + 'static,
    handle: impl AsyncFn(Place),
) -> Result<(), Problem> {
    let mut last = None;
    loop {
        let after = last.clone();
        let page = app.db.read(Scope::PLATFORM, move |tx| Ok::<_, Problem>(due(tx, after, AT_MOST)?)).await?;
        last = page.last().cloned();
        if last.is_none() {
            return Ok(());
        }
        for place in page {
            if app.stopping.is_begun() {
                return Ok(());
            }
            handle(place).await;
        }
    }
}

async fn repeat(job: &Job, app: App) {
    while !app.stopping.is_begun() {
        let running = app.stopping.running();
        let done = (job.step)(app.clone()).await;
        drop(running);
        if let Err(problem) = &done {
            log::error!("job.{} error={problem}", job.name);
        }
        if !matches!(done, Ok(true)) {
            let filled = async {
                match job.queue {
                    Some(queue) => queue.filled().await,
                    None => pending().await,
                }
            };
            select(pin!(app.stopping.sleep(job.rest)), pin!(filled)).await;
        }
    }
}

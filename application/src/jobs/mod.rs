//! Background jobs, one file per job.

pub mod account_requests;
pub mod deletions;
pub mod due;
pub mod first_setup;
pub mod mails;
pub mod purges;
pub mod rows;
pub mod strays;
pub mod sweep;
pub mod votes;

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::future::select;
use persistence::Queue;

use crate::app::App;
use crate::problem::Problem;

/// A repeated job.
struct Job {
    name: &'static str,
    /// The pause when nothing is left to do.
    interval: Duration,
    /// The queue that ends the pause early.
    queue: Option<Queue>,
    /// Does one step. Returns true if another may be due at once.
    step: fn(App) -> Step,
}

type Step = Pin<Box<dyn Future<Output = Result<bool, Problem>>>>;

/// Polling interval for a queue that another process fills.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// The longest delay before something due is handled.
const DUE_INTERVAL: Duration = Duration::from_secs(5);
const SWEEP_INTERVAL: Duration = Duration::from_secs(600);

const JOBS: &[Job] = &[
    Job {
        name: "account_requests",
        interval: POLL_INTERVAL,
        queue: Some(Queue::AccountRequests),
        step: |app| Box::pin(async move { account_requests::handle_next(&app).await }),
    },
    Job {
        name: "mails",
        interval: POLL_INTERVAL,
        queue: Some(Queue::Mail),
        step: |app| Box::pin(async move { mails::send_due(&app).await }),
    },
    Job {
        name: "due",
        interval: DUE_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { due::run_due_work(&app).await.map(|()| false) }),
    },
    Job {
        name: "deletions",
        interval: DUE_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { deletions::carry_out_deletions(&app).await.map(|()| false) }),
    },
    Job {
        name: "purges",
        interval: DUE_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { purges::continue_purges(&app).await.map(|()| false) }),
    },
    Job {
        name: "announcements",
        interval: DUE_INTERVAL,
        queue: Some(Queue::Announcements),
        step: |app| Box::pin(async move { votes::announce_approvers(&app).await.map(|()| false) }),
    },
    Job {
        name: "reminders",
        interval: DUE_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { votes::remind_of_changes(&app).await.map(|()| false) }),
    },
    Job {
        name: "settlements",
        interval: DUE_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { votes::settle_changes(&app).await.map(|()| false) }),
    },
    Job {
        name: "sweep",
        interval: SWEEP_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { sweep::sweep(&app).await.map(|()| false) }),
    },
    Job {
        name: "strays",
        interval: SWEEP_INTERVAL,
        queue: None,
        step: |app| Box::pin(async move { strays::remove_strays(&app).await.map(|()| false) }),
    },
];

/// Starts all jobs in parallel, so that a slow mail server delays no other job. On shutdown they start nothing new,
/// and the process waits for what is in progress.
pub fn start(app: &App) {
    for job in JOBS {
        tokio::task::spawn_local(repeat(job, app.clone()));
    }
}

/// Does what is due now: each job until it has nothing left, and all of them again as long as a queue had something. What the
/// last round queued is done right afterwards, by the jobs that wait for it.
pub async fn run_due(app: &App) -> Result<(), Problem> {
    loop {
        let mut has_worked = false;
        for job in JOBS {
            while (job.step)(app.clone()).await? {
                has_worked = true;
            }
        }
        app.mail_permits.empty().await;
        if !has_worked {
            return Ok(());
        }
    }
}

async fn repeat(job: &Job, app: App) {
    while !app.stopping.has_begun() {
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
            select(pin!(app.stopping.sleep(job.interval)), pin!(filled)).await;
        }
    }
}

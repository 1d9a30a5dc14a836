//! What is done beside requests, one job a file.

mod account_requests;
mod due;
pub(crate) mod first_setup;
mod mails;
mod sweep;

use std::future::Future;
use std::time::Duration;

use crate::app::App;
use crate::problem::Problem;

const EVERY: Duration = Duration::from_secs(600);
/// How long what has fallen due may wait.
const DUE_EVERY: Duration = Duration::from_secs(5);
/// How long a queue that was empty is left alone.
const PAUSE: Duration = Duration::from_millis(500);

/// Starts the jobs; they end with the process.
pub(crate) fn start(app: &App) {
    let of_requests = app.clone();
    actix_web::rt::spawn(again_and_again("account_requests", move || {
        let app = of_requests.clone();
        async move { account_requests::handle_next(&app).await }
    }));
    let of_mails = app.clone();
    actix_web::rt::spawn(again_and_again("mails", move || {
        let app = of_mails.clone();
        async move { mails::send_due(&app).await }
    }));
    let of_due = app.clone();
    actix_web::rt::spawn(async move {
        loop {
            if let Err(problem) = due::do_what_is_due(&of_due).await {
                log::error!("job.due error={problem}");
            }
            actix_web::rt::time::sleep(DUE_EVERY).await;
        }
    });
    let app = app.clone();
    actix_web::rt::spawn(async move {
        loop {
            if let Err(problem) = sweep::sweep(&app).await {
                log::error!("job.sweep error={problem}");
            }
            app.limits.forget_idle();
            actix_web::rt::time::sleep(EVERY).await;
        }
    });
}

/// Works off a queue, and looks at it now and then once it is empty. A mail server that is slow holds up no other queue.
async fn again_and_again<F: Future<Output = Result<bool, Problem>>>(job: &'static str, next: impl Fn() -> F) {
    loop {
        let done = next().await;
        if let Err(problem) = &done {
            log::error!("job.{job} error={problem}");
        }
        if !matches!(done, Ok(true)) {
            actix_web::rt::time::sleep(PAUSE).await;
        }
    }
}

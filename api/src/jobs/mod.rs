//! What is done beside requests, one job a file.

mod account_requests;
mod due;
pub(crate) mod first_setup;
mod mails;
mod strays;
mod sweep;
mod votes;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select;
use persistence::mail_queued;
use tokio::sync::Mutex;

use crate::app::App;
use crate::problem::Problem;

const EVERY: Duration = Duration::from_secs(600);
/// How long what has fallen due may wait.
const DUE_EVERY: Duration = Duration::from_secs(5);
/// How long a queue that was empty is left alone.
const PAUSE: Duration = Duration::from_millis(500);

/// Starts the jobs. They begin nothing new once the process was told to stop, which waits for what is under way.
pub(crate) fn start(app: &App) {
    let of_requests = app.clone();
    actix_web::rt::spawn(again_and_again("account_requests", PAUSE, app.clone(), move || {
        let app = of_requests.clone();
        async move { account_requests::handle_next(&app).await }
    }));
    let of_mails = app.clone();
    actix_web::rt::spawn(woken_again_and_again("mails", (PAUSE, mail_queued), app.clone(), move || {
        let app = of_mails.clone();
        async move { mails::send_due(&app).await }
    }));
    let of_due = app.clone();
    actix_web::rt::spawn(again_and_again("due", DUE_EVERY, app.clone(), move || {
        let app = of_due.clone();
        async move { due::do_what_is_due(&app).await.map(|()| false) }
    }));
    let of_announcements = app.clone();
    actix_web::rt::spawn(again_and_again("announcements", DUE_EVERY, app.clone(), move || {
        let app = of_announcements.clone();
        async move { votes::announce_approvers(&app).await.map(|()| false) }
    }));
    let of_reminders = app.clone();
    actix_web::rt::spawn(again_and_again("reminders", DUE_EVERY, app.clone(), move || {
        let app = of_reminders.clone();
        async move { votes::remind_of_changes(&app).await.map(|()| false) }
    }));
    let of_settlements = app.clone();
    actix_web::rt::spawn(again_and_again("settlements", DUE_EVERY, app.clone(), move || {
        let app = of_settlements.clone();
        async move { votes::settle_changes(&app).await.map(|()| false) }
    }));
    let of_sweep = app.clone();
    actix_web::rt::spawn(again_and_again("sweep", EVERY, app.clone(), move || {
        let app = of_sweep.clone();
        async move {
            app.limits.forget_idle();
            sweep::sweep(&app).await.map(|()| false)
        }
    }));
    let (of_strays, strays) = (app.clone(), Arc::new(Mutex::new(strays::Strays::default())));
    actix_web::rt::spawn(again_and_again("strays", EVERY, app.clone(), move || {
        let (app, strays) = (of_strays.clone(), Arc::clone(&strays));
        async move { strays.lock().await.step(&app).await.map(|()| false) }
    }));
}

/// Does one step after the other as long as it tells that there may be more, and then leaves it alone for a while. A mail
/// server that is slow holds up no other job.
async fn again_and_again<F: Future<Output = Result<bool, Problem>>>(
    job: &'static str,
    pause: Duration,
    app: App,
    next: impl Fn() -> F,
) {
    woken_again_and_again(job, (pause, std::future::pending::<()>), app, next).await;
}

/// The same for a job that somebody may wake before its pause is over.
async fn woken_again_and_again<F: Future<Output = Result<bool, Problem>>, W: Future<Output = ()>>(
    job: &'static str,
    (pause, woken): (Duration, impl Fn() -> W),
    app: App,
    next: impl Fn() -> F,
) {
    while !app.stopping.is_begun() {
        let running = app.stopping.running();
        let done = next().await;
        drop(running);
        if let Err(problem) = &done {
            log::error!("job.{job} error={problem}");
        }
        if !matches!(done, Ok(true)) {
            select(pin!(app.stopping.sleep(pause)), pin!(woken())).await;
        }
    }
}

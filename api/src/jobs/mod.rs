//! What is done beside requests, one job a file.

pub(crate) mod first_setup;
mod sweep;

use std::time::Duration;

use crate::app::App;

const EVERY: Duration = Duration::from_secs(600);

/// Starts the jobs; they end with the process.
pub(crate) fn start(app: &App) {
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

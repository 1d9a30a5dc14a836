//! Job: notifies approvers when others gain or lose the right.

use persistence::{Scope, Tx};

use crate::app::App;
use crate::approvals::announcements::announce;
use crate::clock::now;
use crate::jobs::rows::{Due, handle_each};
use crate::jobs::votes::report;
use crate::problem::Problem;

/// Notifies the holders of rights that others gained or lost.
pub async fn announce_approvers(app: &App) -> Result<(), Problem> {
    let due = |tx: &mut Tx<'_>, after, at_most| tx.announcements_due(after, at_most);
    let handle = async |(_, key): Due<String>| {
        let done = announce_to_all(app, &key).await;
        report("announcement", key, done);
    };
    handle_each(app, due, handle).await
}

async fn announce_to_all(app: &App, key: &str) -> Result<(), Problem> {
    loop {
        let key = key.to_owned();
        let is_more = app.db.write(Scope::PLATFORM, move |tx| announce(tx, &key, now())).await?;
        if !is_more || app.stopping.has_begun() {
            return Ok(());
        }
    }
}

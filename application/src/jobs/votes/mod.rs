//! What falls due of votes and critical changes (S001-30): three jobs, of which none waits for another.

pub mod announcements;
pub mod reminders;
pub mod settlements;

use chrono::{DateTime, Utc};
use persistence::{Scope, StoreError, Tx};

use crate::app::App;
use crate::problem::Problem;

pub(super) use crate::jobs::votes::announcements::announce_approvers;
pub(super) use crate::jobs::votes::reminders::remind_of_changes;
pub(super) use crate::jobs::votes::settlements::settle_changes;

/// Read in one go.
const AT_MOST: i64 = 50;

/// A row that is due, since when, and its key.
type Due<Key> = (DateTime<Utc>, Key);

/// Handles all that is due, a page after the other, each in transactions of its own that look again whether there is still
/// something to do. One that fails holds up none behind it: it is logged, and tried again by the next run.
async fn handle_each<Key: Clone + Send + 'static>(
    app: &App,
    due: impl Fn(&mut Tx<'_>, Option<Due<Key>>, i64) -> Result<Vec<Due<Key>>, StoreError> + Copy + Send + 'static,
    handle: impl AsyncFn(Key),
) -> Result<(), Problem> {
    let mut place = None;
    loop {
        let after = place.clone();
        let page = app.db.read(Scope::PLATFORM, move |tx| Ok::<_, Problem>(due(tx, after, AT_MOST)?)).await?;
        place = page.last().cloned();
        if place.is_none() {
            return Ok(());
        }
        for (_, key) in page {
            if app.stopping.is_begun() {
                return Ok(());
            }
            handle(key).await;
        }
    }
}

fn report(what: &str, id: impl std::fmt::Display, done: Result<(), Problem>) {
    if let Err(problem) = done {
        log::error!("job.votes {what}={id} error={problem}");
    }
}

//! Jobs for votes and critical changes that are due (S001-30). None of the three waits for another.

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

/// Rows read at once.
const AT_MOST: i64 = 50;

/// A due row: the time when it became due, and its key.
type Due<Key> = (DateTime<Utc>, Key);

/// Handles everything that is due, page by page. Each row has its own transactions, which check again that it is
/// still due. A failure is logged and tried again in the next run; it does not block other rows.
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

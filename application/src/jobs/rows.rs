//! How jobs handle due rows: page by page, so that no row blocks others.

use chrono::{DateTime, Utc};
use persistence::{Scope, StoreError, Tx};

use crate::app::App;
use crate::problem::Problem;

/// Rows read at once.
const AT_MOST: i64 = 50;

/// A due row: the time when it became due, and its key.
pub type Due<Key> = (DateTime<Utc>, Key);

/// Handles everything that is due, page by page. Each row has its own transactions, which check again that it is
/// still due. A failure is logged and tried again in the next run; it does not block other rows. A row is named by its
/// place in the order of the pages.
pub(super) async fn handle_each<Position: Clone + Send + 'static>(
    app: &App,
    due: impl Fn(&mut Tx<'_>, Option<Position>, i64) -> Result<Vec<Position>, StoreError> + Copy + Send + 'static,
    handle: impl AsyncFn(Position),
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
            if app.stopping.has_begun() {
                return Ok(());
            }
            handle(place).await;
        }
    }
}

/// Runs transactions until one reports that nothing is left. Other writers run between two of them.
pub(super) async fn in_batches(
    app: &App,
    batch: impl Fn(&mut Tx<'_>) -> Result<bool, Problem> + Copy + Send + 'static,
) -> Result<(), Problem> {
    while !app.stopping.has_begun() && app.db.write(Scope::PLATFORM, batch).await? {}
    Ok(())
}

//! Job: purges of deleted accounts.

use persistence::Tx;
use users::UserId;

use crate::app::App;
use crate::jobs::rows::{Due, handle_each, in_batches};
use crate::problem::Problem;

/// Removes the remaining rows of accounts that are being purged.
pub async fn continue_purges(app: &App) -> Result<(), Problem> {
    let due = |tx: &mut Tx<'_>, after, at_most| tx.accounts_to_purge(after, at_most);
    let handle = async |(_, user): Due<UserId>| {
        if let Err(problem) = in_batches(app, move |tx| Ok(tx.continue_purge(user)?)).await {
            log::error!("job.purges account={} error={problem}", user.0);
        }
    };
    handle_each(app, due, handle).await
}

//! Job: account deletions that are due.

use persistence::Tx;
use users::UserId;

use crate::accounts::deletion::carry_out_deletion;
use crate::app::App;
use crate::clock::now;
use crate::jobs::rows::{Due, handle_each, in_batches};
use crate::problem::Problem;

/// Deletes the accounts whose deletion is due.
pub async fn carry_out_deletions(app: &App) -> Result<(), Problem> {
    let due = |tx: &mut Tx<'_>, after, at_most| tx.accounts_to_delete(now(), after, at_most);
    let handle = async |(_, user): Due<UserId>| {
        if let Err(problem) = in_batches(app, move |tx| carry_out_deletion(tx, user)).await {
            log::error!("job.deletions account={} error={problem}", user.0);
        }
    };
    handle_each(app, due, handle).await
}

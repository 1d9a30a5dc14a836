//! Job: removes rows past their time and files that nobody attached.

use persistence::Scope;

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;
use crate::tickets::stored_files::remove;

/// Files taken in one transaction.
const AT_MOST: i64 = 100;
/// Transactions of one sweep; what is left waits for the next.
const ROUNDS: usize = 100;

/// Removes what no longer counts: rows past their time, and the files of uploads that were cut off or that nobody attached.
///
/// Several processes may do it at once; what one has removed, the others no longer find. Each transaction removes a bounded
/// number, and requests write between two of them.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    while !app.stopping.is_begun()
        && app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.sweep(now())?)).await?
    {}
    for _ in 0..ROUNDS {
        if app.stopping.is_begun() || !remove_due_files(app).await? {
            break;
        }
    }
    Ok(())
}

/// Removes some files that are due; tells whether there may be more.
async fn remove_due_files(app: &App) -> Result<bool, Problem> {
    let due =
        app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.take_files_due(now(), AT_MOST)?)).await?;
    let is_more = !due.is_empty();
    for file in due {
        // One that fails holds up no other, and is tried again.
        if let Err(problem) = remove(app, file.org, file.id, &file.storage_key).await {
            log::error!("job.sweep file error={problem}");
        }
    }
    Ok(is_more)
}

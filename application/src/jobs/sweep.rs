//! Job: removes expired rows, and files that were never attached.

use persistence::Scope;

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;
use crate::tickets::stored_files::remove;

/// Files removed in one transaction.
const AT_MOST: i64 = 100;
/// Transactions of one sweep. The next sweep handles the rest.
const ROUNDS: usize = 100;

/// Removes expired rows, and the files of uploads that were interrupted or never attached.
///
/// Several processes may run it at once, since none finds what another has removed. Each transaction removes a
/// bounded number, and other writers run between two of them.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    while !app.stopping.has_begun()
        && app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.sweep(now())?)).await?
    {}
    for _ in 0..ROUNDS {
        if app.stopping.has_begun() || !remove_due_files(app).await? {
            break;
        }
    }
    Ok(())
}

/// Removes some files that are due. Returns true if there may be more.
async fn remove_due_files(app: &App) -> Result<bool, Problem> {
    let due =
        app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.take_files_due(now(), AT_MOST)?)).await?;
    let is_more = !due.is_empty();
    for file in due {
        // A failure does not block the other files; the next sweep tries again.
        if let Err(problem) = remove(app, file.org, file.id, &file.storage_key).await {
            log::error!("job.sweep file error={problem}");
        }
    }
    Ok(is_more)
}

//! Job: removes stored files that no row knows.

use persistence::Scope;

use crate::app::App;
use crate::files::remove_local;
use crate::problem::Problem;
use crate::stray_files::OldFile;

/// Keys asked for in one statement.
const KEYS_PER_STATEMENT: usize = 200;

/// Removes the strays among the next files.
pub async fn remove_strays(app: &App) -> Result<(), Problem> {
    let found = app.strays.lock().await.next(&app.files).await?;
    for found in found.chunks(KEYS_PER_STATEMENT) {
        remove_unknown(app, found).await?;
    }
    Ok(())
}

async fn remove_unknown(app: &App, found: &[OldFile]) -> Result<(), Problem> {
    let keys: Vec<String> = found.iter().map(|found| found.key.clone()).collect();
    let known =
        app.db.read(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.known_storage_keys(&keys)?)).await?;
    // A staged file beside a complete one belongs to no row.
    let is_stray = |found: &&OldFile| found.name != found.key || !known.contains(&found.key);
    for found in found.iter().filter(is_stray) {
        match &app.files.folder {
            Some(folder) => remove_local(&folder.join(&found.name)).await?,
            None => app.files.remove(&found.name).await?,
        }
    }
    Ok(())
}

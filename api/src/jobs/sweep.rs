use chrono::TimeDelta;
use persistence::Scope;
use tickets::PENDING_HOURS;

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;

/// Uploads removed in one go.
const AT_MOST: i64 = 200;
/// A stored file younger than this may still be waiting for its row.
const ORPHAN_AGE: TimeDelta = TimeDelta::hours(1);

/// Removes what no longer counts: rows past their time, uploads that nobody attached, and stored files without a row.
///
/// Several processes may do it at once; what one has removed, the others no longer find.
pub(crate) async fn sweep(app: &App) -> Result<(), Problem> {
    app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.sweep(now())?)).await?;
    let before = now() - TimeDelta::hours(PENDING_HOURS);
    app.db
        .write(Scope::PLATFORM, move |tx| {
            for (org, upload) in tx.forgotten_uploads(before, AT_MOST)? {
                tx.attachments(org).remove(&upload)?;
            }
            Ok::<_, Problem>(())
        })
        .await?;
    remove_orphans(app).await
}

async fn remove_orphans(app: &App) -> Result<(), Problem> {
    let old: Vec<String> = app
        .files
        .all()
        .await?
        .into_iter()
        .filter(|f| f.last_modified < now() - ORPHAN_AGE)
        .map(|f| f.location.to_string())
        .collect();
    for keys in old.chunks(200) {
        let wanted = keys.to_vec();
        let known =
            app.db.read(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.known_storage_keys(&wanted)?)).await?;
        for key in keys.iter().filter(|key| !known.contains(key)) {
            app.files.remove(key).await?;
        }
    }
    Ok(())
}

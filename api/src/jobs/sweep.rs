use chrono::{DateTime, TimeDelta, Utc};
use persistence::Scope;
use tickets::PENDING_HOURS;

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;

/// Uploads removed in one transaction.
const AT_MOST: i64 = 100;
/// A stored file younger than this may still be waiting for its row.
const ORPHAN_AGE: TimeDelta = TimeDelta::hours(1);

/// Removes what no longer counts: rows past their time, uploads that nobody attached, and stored files without a row.
///
/// Several processes may do it at once; what one has removed, the others no longer find. Each transaction removes a bounded
/// number, and requests write between two of them.
pub(crate) async fn sweep(app: &App) -> Result<(), Problem> {
    while !app.stopping.is_begun()
        && app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.sweep(now())?)).await?
    {}
    let before = now() - TimeDelta::hours(PENDING_HOURS);
    while !app.stopping.is_begun() && remove_forgotten(app, before).await? {}
    remove_orphans(app).await
}

/// Removes some uploads that nobody attached in time; tells whether there may be more.
async fn remove_forgotten(app: &App, before: DateTime<Utc>) -> Result<bool, Problem> {
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let uploads = tx.forgotten_uploads(before, AT_MOST)?;
            for (org, upload) in &uploads {
                tx.attachments(*org).remove(upload)?;
            }
            Ok::<_, Problem>(i64::try_from(uploads.len()).is_ok_and(|count| count == AT_MOST))
        })
        .await
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

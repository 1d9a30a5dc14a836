//! Removing the bytes of files together with their rows.

use chrono::{DateTime, Utc};
use orgs::OrgId;
use persistence::{Scope, Tx};
use tickets::AttachmentId;

use crate::app::App;
use crate::clock::now;
use crate::problem::Problem;

/// Removes the stored bytes of an upload, and its reservation. Does nothing if the upload completed after all, or if
/// the sweep has already taken it.
pub async fn release(
    app: &App,
    org: OrgId,
    id: AttachmentId,
    key: &str,
    until: DateTime<Utc>,
) -> Result<(), Problem> {
    let take =
        move |tx: &mut Tx<'_>| Ok::<_, Problem>(tx.attachments(org).take_to_remove(id, until, now())?);
    if app.db.write(Scope::PLATFORM, take).await? { remove(app, org, id, key).await } else { Ok(()) }
}

/// Removes the bytes of a file whose row is marked for removal, and then the row.
pub async fn remove(app: &App, org: OrgId, id: AttachmentId, key: &str) -> Result<(), Problem> {
    app.files.remove(key).await?;
    app.db.write(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.attachments(org).forget(id)?)).await
}

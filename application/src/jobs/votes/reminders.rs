//! Job: reminds of critical changes a day before they are made.

use chrono::TimeDelta;
use persistence::{Scope, Tx};
use roles::ApprovalId;

use crate::app::App;
use crate::approvals::critical::concerned::notify_concerned;
use crate::clock::now;
use crate::jobs::rows::{Due, handle_each};
use crate::jobs::votes::report;
use crate::problem::Problem;

/// Reminds everybody concerned one day before a change is made.
pub async fn remind_of_changes(app: &App) -> Result<(), Problem> {
    let due = |tx: &mut Tx<'_>, after, at_most| tx.approvals_to_remind(now(), after, at_most);
    let remind = async |(_, id): Due<ApprovalId>| {
        let done = app.db.write(Scope::PLATFORM, move |tx| remind(tx, id)).await;
        report("reminder", id.0, done);
    };
    handle_each(app, due, remind).await
}

fn remind(tx: &mut Tx<'_>, id: ApprovalId) -> Result<(), Problem> {
    let Some(asked) = tx.approval_anywhere(id)? else { return Ok(()) };
    // A day to object remains, even after an outage.
    let settles_at = asked.expires_at.max(now() + TimeDelta::days(1));
    match tx.record_reminder(id, settles_at)? {
        true => notify_concerned(tx, &asked, now()),
        false => Ok(()),
    }
}

//! What falls due of votes and critical changes (S001-30).

use chrono::TimeDelta;
use persistence::Scope;

use crate::app::App;
use crate::clock::now;
use crate::people::{announce_approver, give_up, notify_concerned, settle};
use crate::problem::{Code, Problem};

/// Handled in one go.
const AT_MOST: i64 = 50;

/// Notifies holders of new ones, reminds everybody concerned a day before a change is made, and makes changes that nobody
/// denied. Each is a transaction of its own that looks again whether there is still something to do.
pub(crate) async fn handle_votes(app: &App) -> Result<(), Problem> {
    let (new, to_remind, to_settle) = app
        .db
        .read(Scope::PLATFORM, |tx| {
            Ok::<_, Problem>((
                tx.approvers_to_announce(now(), AT_MOST)?,
                tx.approvals_to_remind(now(), AT_MOST)?,
                tx.approvals_to_settle(now(), AT_MOST)?,
            ))
        })
        .await?;
    for approver in new {
        let done = app.db.write(Scope::PLATFORM, move |tx| announce_approver(tx, &approver, now())).await;
        report("approver", approver.user.0, done);
    }
    for asked in to_remind {
        let id = asked.id.0;
        // After an outage, too, a day is left to object.
        let settles_at = asked.expires_at.max(now() + TimeDelta::days(1));
        let remind =
            app.db.write(Scope::PLATFORM, move |tx| match tx.note_reminder(asked.id, settles_at)? {
                true => notify_concerned(tx, &asked, now()),
                false => Ok(()),
            });
        report("reminder", id, remind.await);
    }
    for asked in to_settle {
        let (with, which) = (app.clone(), (asked.org, asked.id));
        let made = app.db.write(Scope::PLATFORM, move |tx| settle(tx, &with, which)).await;
        let made = match made {
            Err(problem) if problem.cause().is_none() && problem.code() != Code::InternalError => {
                log::info!("approval.given_up id={} code={}", which.1.0, problem.code().as_str());
                app.db.write(Scope::PLATFORM, move |tx| give_up(tx, which)).await
            }
            other => other,
        };
        report("approval", which.1.0, made);
    }
    Ok(())
}

/// One that fails holds up no other.
fn report(what: &str, id: uuid::Uuid, done: Result<(), Problem>) {
    if let Err(problem) = done {
        log::error!("job.votes {what}={id} error={problem}");
    }
}

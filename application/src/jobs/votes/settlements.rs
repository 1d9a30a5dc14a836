//! Job: makes critical changes that nobody denied in seven days.

use persistence::{Scope, Tx};
use roles::ApprovalId;

use crate::app::App;
use crate::approvals::critical::settle::{expire_change, settle};
use crate::clock::now;
use crate::jobs::rows::handle_each;
use crate::jobs::votes::report;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Makes the changes that nobody denied within seven days.
pub async fn settle_changes(app: &App) -> Result<(), Problem> {
    let due = |tx: &mut Tx<'_>, after, at_most| tx.approvals_to_settle(now(), after, at_most);
    handle_each(app, due, async |(_, id)| report("approval", id.0, settle_or_expire(app, id).await)).await
}

/// A change that can no longer be made expires.
async fn settle_or_expire(app: &App, id: ApprovalId) -> Result<(), Problem> {
    let with = app.clone();
    let made = app.db.write(Scope::PLATFORM, move |tx| settle(tx, &with, id)).await;
    match made {
        Err(problem) if problem.cause().is_none() && problem.code() != Code::InternalError => {
            log::info!("approval.expired id={} code={}", id.0, problem.code().as_str());
            app.db.write(Scope::PLATFORM, move |tx| expire_change(tx, id)).await
        }
        other => other,
    }
}

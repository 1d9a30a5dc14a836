//! What falls due of votes and critical changes (S001-30): three jobs, of which none waits for another.

mod announcements;
mod reminders;
mod settlements;

pub(super) use announcements::announce_approvers;
pub(super) use reminders::remind_of_changes;
pub(super) use settlements::settle_changes;

use super::handle_each;
use crate::problem::Problem;

fn report(what: &str, id: impl std::fmt::Display, done: Result<(), Problem>) {
    if let Err(problem) = done {
        log::error!("job.votes {what}={id} error={problem}");
    }
}

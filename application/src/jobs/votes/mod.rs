//! Jobs for votes and critical changes that are due (S001-30). None of the three waits for another.

pub mod announcements;
pub mod reminders;
pub mod settlements;

use crate::problem::Problem;

pub(super) use crate::jobs::votes::announcements::announce_approvers;
pub(super) use crate::jobs::votes::reminders::remind_of_changes;
pub(super) use crate::jobs::votes::settlements::settle_changes;

fn report(what: &str, id: impl std::fmt::Display, done: Result<(), Problem>) {
    if let Err(problem) = done {
        log::error!("job.votes {what}={id} error={problem}");
    }
}

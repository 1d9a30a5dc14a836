use super::shown::tell;
use crate::people::Case;
use crate::problem::{Code, Problem};
use crate::work::Work;

impl<W> Work<'_, '_, W> {
    /// Switches off the second factor of somebody who lost it. All sessions end, and the person is told.
    pub(crate) fn reset_two_factor(&mut self, case: &Case, reason: &str) -> Result<(), Problem> {
        case.care.may_change()?;
        self.tx.lock_account(case.account.id)?;
        if !self.tx.remove_two_factor(case.account.id)? {
            return Err(Problem::new(Code::Conflict, "Two-factor log-in is off."));
        }
        self.tx.touch_account(case.account.id, self.now)?;
        self.tx.remove_sessions_of(case.account.id, None)?;
        self.tx.record_account(&self.noted("two_factor_reset", case, Some(reason)))?;
        let now = self.now;
        self.tx.for_installation(|tx| tell(tx, &case.account, "reset", now))
    }
}

use roles::TakeoverAct;
use users::Account;

use super::shown::tell;
use crate::people::Case;
use crate::problem::{Code, Problem};
use crate::work::Work;

impl<W> Work<'_, '_, W> {
    /// Switches off the second factor of a person who lost the device. All sessions end, the address is no longer proved, and
    /// the person is notified.
    pub(crate) fn reset_two_factor(&mut self, case: &Case, reason: &str) -> Result<(), Problem> {
        case.care.may_change()?;
        self.tx.lock_account(case.account.id)?;
        if !self.tx.remove_two_factor(case.account.id)? {
            return Err(Problem::new(Code::Conflict, "Two-factor log-in is off."));
        }
        self.record_takeover(case, TakeoverAct::ResetTwoFactor)?;
        let after = Account { updated_at: self.now, ..case.account.without_proof(self.now) };
        let event = self.noted("two_factor_reset", case, Some(reason));
        self.keep_account(case, after, &event)?;
        self.tx.remove_sessions_of(case.account.id, None)?;
        let now = self.now;
        self.tx.for_installation(|tx| tell(tx, &case.account, "reset", now))
    }
}

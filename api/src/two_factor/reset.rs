use chrono::{DateTime, Utc};
use persistence::Tx;
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
        if !switch_off_two_factor(self.tx, &case.account, self.now)? {
            return Err(Problem::new(Code::Conflict, "Two-factor log-in is off."));
        }
        self.record_takeover(case, TakeoverAct::ResetTwoFactor)?;
        let after = Account { updated_at: self.now, ..case.account.without_proof(self.now) };
        let event = self.noted("two_factor_reset", case, Some(reason));
        self.keep_account(case, after, &event)?;
        Ok(())
    }
}

/// Switches two-factor log-in off, ends all sessions and notifies the person; false if it was off already. Log-ins wait
/// until the transaction is over.
pub(crate) fn switch_off_two_factor(
    tx: &mut Tx<'_>,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    tx.lock_account(account.id)?;
    if !tx.remove_two_factor(account.id)? {
        return Ok(false);
    }
    tx.remove_sessions_of(account.id, None)?;
    tx.for_installation(|tx| tell(tx, account, "reset", now))?;
    Ok(true)
}

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::TakeoverAct;
use users::Account;

use super::shown::tell;
use crate::context::Context;
use crate::people::ManagedAccount;
use crate::problem::{Code, Problem};

impl<W> Context<'_, '_, W> {
    /// Switches off the second factor of a person who lost the device. All sessions end, the address is no longer proved, and
    /// the person is notified.
    pub(crate) fn reset_two_factor(&mut self, managed: &ManagedAccount, reason: &str) -> Result<(), Problem> {
        managed.authority.may_modify()?;
        if !switch_off_two_factor(self.tx, &managed.account, self.now)? {
            return Err(Problem::new(Code::Conflict, "Two-factor log-in is off."));
        }
        self.record_takeover(managed, TakeoverAct::ResetTwoFactor)?;
        let after = Account { updated_at: self.now, ..managed.account.without_proof(self.now) };
        let event = self.event_of("two_factor_reset", managed, Some(reason));
        self.save_managed_account(managed, after, &event)?;
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
    tx.for_platform(|tx| tell(tx, account, "reset", now))?;
    Ok(true)
}

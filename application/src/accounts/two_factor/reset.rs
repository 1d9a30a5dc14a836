//! Reset of two-factor log-in for a person who lost the device.

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::TakeoverAct;
use users::{Account, AccountEventKind};

use super::presented_factor::notify_two_factor_changed;
use crate::accounts::managed_account::{ManagedAccount, managed_account_event, save_managed_account};
use crate::approvals::votes::record_takeover;
use crate::context::Context;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Resets the second factor of a person who lost the device. Ends all sessions, makes the address unproved, and
/// notifies the person.
pub fn reset_two_factor<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<(), Problem> {
    managed.authority.may_modify()?;
    if !switch_off_two_factor(ctx.tx, &managed.account, ctx.now)? {
        return Err(Problem::new(Code::Conflict, "Two-factor log-in is off."));
    }
    record_takeover(ctx, managed, TakeoverAct::ResetTwoFactor)?;
    let after = Account { updated_at: ctx.now, ..managed.account.without_proof(ctx.now) };
    let event = managed_account_event(ctx, AccountEventKind::TwoFactorReset, managed, Some(reason));
    save_managed_account(ctx, managed, after, &event)?;
    Ok(())
}

/// Disables two-factor log-in, ends all sessions and notifies the person. Returns false if it was off. Concurrent
/// log-ins wait until the transaction ends.
pub fn switch_off_two_factor(
    tx: &mut Tx<'_>,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    tx.lock_account(account.id)?;
    if !tx.remove_two_factor(account.id)? {
        return Ok(false);
    }
    tx.remove_sessions_of(account.id, None)?;
    tx.for_platform(|tx| notify_two_factor_changed(tx, account, "reset", now))?;
    Ok(true)
}

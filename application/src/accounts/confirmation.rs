//! Confirmation of an account by hand.

use mail::MailKind;
use roles::TakeoverAct;
use users::{AccountEventKind, TokenPurpose};

use crate::accounts::after_link::save_proof;
use crate::accounts::managed_account::{ManagedAccount, managed_account_event, save_managed_account};
use crate::approvals::votes::record_takeover;
use crate::context::Context;
use crate::problem::Problem;

/// Activates an account manually (S000-9). Platform staff thereby vouch for its address, unless they may approve
/// critical changes. An organization knows its people, but not who reads a mailbox.
pub fn confirm_account<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    record_takeover(ctx, managed, TakeoverAct::ConfirmByHand)?;
    let vouches = managed.org.is_none() && !ctx.tx.may_approve_anywhere(managed.account.id)?;
    let after = match vouches {
        true => managed.account.confirmed_by_platform(ctx.now)?,
        false => managed.account.confirm(ctx.now)?.without_proof(ctx.now),
    };
    ctx.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ConfirmAddress)?;
    managed.outgoing_mail(MailKind::AccountReactivated).queue(ctx.tx, ctx.now)?;
    let event = managed_account_event(ctx, AccountEventKind::AccountConfirmed, managed, Some(reason));
    let kept = save_managed_account(ctx, managed, after, &event)?;
    let origin = ctx.origin;
    ctx.tx.for_platform(|tx| save_proof(tx, &kept.account, origin))?;
    Ok(kept)
}

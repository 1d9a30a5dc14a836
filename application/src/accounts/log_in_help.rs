//! Help with logging in: suspension, unlocking, confirmation, links, temporary passwords.

use chrono::{DateTime, TimeDelta, Utc};
use mail::MailKind;
use persistence::AccountEvent;
use roles::{PlatformRole, TakeoverAct};
use users::{
    Account, AccountEventKind, AccountStatus, AccountTransition, Suspension, TEMPORARY_PASSWORD_HOURS,
    TokenPurpose, TransitionRefused,
};

use super::guesses::{forget_failures, forget_wrong_passwords, is_locked};
use super::links::{purpose_of_confirming, require_cooldown, send_link};
use super::managed_account::{ManagedAccount, managed_account_event, save_managed_account};
use crate::approvals::votes::record_takeover;
use crate::clock::{instant, new_secret};
use crate::context::Context;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Characters of a temporary password, from an alphabet of 64.
const TEMPORARY_CHARS: usize = 20;

/// A random temporary password.
pub fn new_temporary_password() -> Result<String, Problem> {
    let secret = new_secret().map_err(|_| Problem::internal())?;
    Ok(secret.chars().take(TEMPORARY_CHARS).collect())
}

/// Suspends the account and ends its sessions (S001-28, S001-29).
pub fn suspend_account<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    read: impl FnOnce() -> Result<Suspension, Problem>,
    is_notified: bool,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    require_remaining_owner(ctx, &managed.account)?;
    let suspension = read()?;
    let after = managed.account.as_of(ctx.now).suspend(suspension.clone(), ctx.now)?;
    let mut event =
        managed_account_event(ctx, AccountEventKind::AccountSuspended, managed, Some(&suspension.reason));
    if let Some(until) = suspension.until {
        event = event.changed("until", "", &instant(until));
    }
    if is_notified {
        managed.suspension_mail(&suspension).queue(ctx.tx, ctx.now)?;
    }
    save_and_end_sessions(ctx, managed, after, &event)
}

/// Saves the account before ending its sessions: a concurrent log-in either waits for the change or is ended with the
/// others.
fn save_and_end_sessions<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    after: Account,
    event: &AccountEvent,
) -> Result<ManagedAccount, Problem> {
    let kept = save_managed_account(ctx, managed, after, event)?;
    ctx.tx.remove_sessions_of(kept.account.id, None)?;
    Ok(kept)
}

/// Lifts the suspension of an account.
pub fn reactivate_account<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    let after = managed.account.as_of(ctx.now).reactivate(ctx.now)?;
    managed.outgoing_mail(MailKind::AccountReactivated).queue(ctx.tx, ctx.now)?;
    let event = managed_account_event(ctx, AccountEventKind::AccountReactivated, managed, Some(reason));
    save_managed_account(ctx, managed, after, &event)
}

/// Ends the lock after too many failed log-ins (S000-11), and resets the count of failures. The caller must be
/// allowed to modify the account, since the reset also allows an attacker more guesses.
pub fn unlock_account<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    let not_locked = || Problem::new(Code::Conflict, "The account is not locked.");
    let guessed = is_locked(ctx.tx, &managed.account)?;
    let unlocked = managed.account.unlock_now(ctx.now);
    let after =
        unlocked.or_else(|| guessed.then(|| managed.account.unlock(ctx.now))).ok_or_else(not_locked)?;
    forget_failures(ctx.tx, &after)?;
    let event = managed_account_event(ctx, AccountEventKind::AccountUnlocked, managed, Some(reason));
    save_managed_account(ctx, managed, after, &event)
}

/// Sends the link to confirm or to set up the account again; the previous link stops working.
pub fn send_confirmation<W>(ctx: &mut Context<'_, '_, W>, managed: &ManagedAccount) -> Result<(), Problem> {
    managed.authority.may_assist()?;
    if managed.account.status != AccountStatus::PendingConfirmation {
        return Err(
            TransitionRefused { from: managed.account.status, asked: AccountTransition::Confirm }.into()
        );
    }
    let purpose = purpose_of_confirming(ctx.tx, &managed.account)?;
    require_cooldown(ctx.tx, &managed.account, purpose)?;
    mail_link(ctx, managed, &managed.account, purpose)?;
    Ok(ctx.tx.record_account(&managed_account_event(
        ctx,
        AccountEventKind::ConfirmationSent,
        managed,
        None,
    ))?)
}

/// Sends a link to choose a new password; the previous link stops working (S000-6).
pub fn send_reset<W>(ctx: &mut Context<'_, '_, W>, managed: &ManagedAccount) -> Result<(), Problem> {
    managed.authority.may_assist()?;
    if !managed.account.as_of(ctx.now).may_log_in() {
        let detail = format!("The account is `{}`.", managed.account.as_of(ctx.now).status.as_str());
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    require_cooldown(ctx.tx, &managed.account, TokenPurpose::ResetPassword)?;
    mail_link(ctx, managed, &managed.account, TokenPurpose::ResetPassword)?;
    Ok(ctx.tx.record_account(&managed_account_event(
        ctx,
        AccountEventKind::PasswordResetSent,
        managed,
        None,
    ))?)
}

/// Sets a temporary password with this hash, valid for one log-in. Returns when it expires (R6, S003-1).
pub fn set_temporary_password<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
    hash: &str,
) -> Result<DateTime<Utc>, Problem> {
    managed.authority.may_modify()?;
    if !managed.account.as_of(ctx.now).may_log_in() {
        let detail = format!("The account is `{}`.", managed.account.as_of(ctx.now).status.as_str());
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    record_takeover(ctx, managed, TakeoverAct::SetTemporaryPassword)?;
    let after = managed.account.with_temporary_password(ctx.now);
    ctx.tx.save_password_hash(after.id, hash)?;
    ctx.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ResetPassword)?;
    ctx.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ChangeAddress)?;
    forget_wrong_passwords(ctx.tx, &after)?;
    ctx.tx.forget_known_networks(after.id)?;
    managed.outgoing_mail(MailKind::PasswordChanged).queue(ctx.tx, ctx.now)?;
    let event = managed_account_event(ctx, AccountEventKind::TemporaryPasswordSet, managed, Some(reason));
    save_and_end_sessions(ctx, managed, after, &event)?;
    Ok(ctx.now + TimeDelta::hours(TEMPORARY_PASSWORD_HOURS))
}

/// Blocks an attacker who took over the account: passwords, sessions and links stop working, except for a new link to
/// the address on file (S000-12). The caller of this function opens the security tickets.
pub fn flag_compromised<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    if !managed.account.as_of(ctx.now).may_log_in() {
        let detail = format!("The account is `{}`.", managed.account.as_of(ctx.now).status.as_str());
        return Err(Problem::new(Code::InvalidTransition, detail));
    }
    let after = managed.account.with_new_password(ctx.now);
    ctx.tx.remove_password(after.id)?;
    ctx.tx.forget_known_networks(after.id)?;
    ctx.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ChangeAddress)?;
    ctx.tx.remove_handed_over_tokens(after.id)?;
    mail_link(ctx, managed, &after, TokenPurpose::ResetPassword)?;
    let event = managed_account_event(ctx, AccountEventKind::AccountCompromised, managed, Some(reason));
    save_and_end_sessions(ctx, managed, after, &event)
}

/// Invalidates every credential of an account without a proved address that others may know, and mails a new link.
pub fn renew_unproved_access<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<(), Problem> {
    let after = managed.account.with_new_password(ctx.now);
    ctx.tx.save_account(&after)?;
    ctx.tx.remove_password(after.id)?;
    ctx.tx.forget_known_networks(after.id)?;
    for purpose in TokenPurpose::ALL.into_iter().filter(|purpose| *purpose != TokenPurpose::CancelDeletion) {
        ctx.tx.remove_one_time_tokens(Some(after.id), purpose)?;
    }
    match after.as_of(ctx.now).status {
        AccountStatus::PendingConfirmation => mail_link(ctx, managed, &after, TokenPurpose::SetUpAccount),
        AccountStatus::Active => mail_link(ctx, managed, &after, TokenPurpose::ResetPassword),
        _ => Ok(()),
    }
}

/// Mails a link that opens the account, with a sender name that the reader can trust.
pub fn mail_link<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    account: &Account,
    purpose: TokenPurpose,
) -> Result<(), Problem> {
    let (app, name) = (ctx.app, managed.name_on_links());
    ctx.tx.for_platform(|tx| send_link(tx, app, account, name, purpose))
}

/// Requires that the platform and each organization have another owner who can log in (S003-11).
pub fn require_remaining_owner<W>(ctx: &mut Context<'_, '_, W>, account: &Account) -> Result<(), Problem> {
    // Lock before reading the owners: a concurrent change could add or remove one.
    ctx.tx.lock_platform_roles()?;
    let owns_platform = ctx.tx.platform_roles(account.id)?.contains(&PlatformRole::Owner);
    let counting = [AccountStatus::Active];
    if owns_platform && ctx.tx.holders_of(&[PlatformRole::Owner], &counting, account.id)?.is_empty() {
        return Err(Problem::new(Code::LastOwner, "The platform would have no owner left who can log in."));
    }
    let last = "An organization would have no owner left who can log in.";
    ctx.tx.for_platform(|tx| {
        for org in tx.orgs_of(account.id)? {
            let mut members = tx.members(org);
            members.lock_memberships()?;
            let is_owner = members.find(account.id)?.is_some_and(|m| m.membership.is_active_owner());
            if is_owner && members.other_owners(account.id)? < 1 {
                return Err(Problem::new(Code::LastOwner, last));
            }
        }
        Ok(())
    })
}

//! Account deletion: scheduled, cancelled, and carried out when due.

use chrono::TimeDelta;
use mail::MailKind;
use orgs::{Event, OrgId};
use persistence::{LogEntry, StoreError, Tx};
use roles::Membership;
use users::{AccountEventKind, DeletionRequest, RETENTION_NOTICE, TokenPurpose, UserId};

use super::log_in_help::{mail_link, require_remaining_owner};
use super::managed_account::{ManagedAccount, managed_account_event, save_managed_account};
use crate::account_events::system_account_event;
use crate::clock::{instant, new_id, now};
use crate::context::Context;
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;
use crate::tickets::index_requests::index_requests;

/// Requires that the caller confirmed the current version of the deletion notice (S000-14).
pub fn require_notice(version: i32, is_confirmed: bool) -> Result<(), Problem> {
    if version != RETENTION_NOTICE.version {
        return Err(Problem::rule("#/retention_notice_version", &"another version of the notice applies"));
    }
    if !is_confirmed {
        return Err(Problem::rule("#/is_confirmed", &"the person must confirm"));
    }
    Ok(())
}

/// Schedules the deletion of an account, and notifies its owner by mail how to cancel it (S000-15).
pub fn plan_deletion<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    request: &DeletionRequest,
    reason: &str,
) -> Result<(), Problem> {
    require_remaining_owner(ctx, &managed.account)?;
    let grace_days = grace_days_of(ctx, managed.account.id)?;
    let due_at = ctx.now + TimeDelta::days(i64::from(grace_days));
    let planned = managed.account.as_of(ctx.now).schedule_deletion(due_at, ctx.now)?;
    // Links still in circulation must not open an account that is about to be deleted.
    TokenPurpose::ALL
        .into_iter()
        .try_for_each(|purpose| ctx.tx.remove_one_time_tokens(Some(planned.id), purpose))?;
    mail_link(ctx, managed, &planned, TokenPurpose::CancelDeletion)?;
    let event = managed_account_event(ctx, AccountEventKind::DeletionScheduled, managed, Some(reason))
        .changed("due_at", "", &instant(due_at))
        .changed("identity_method", "", request.method.as_str())
        .changed("identity_verified_by", "", &request.verified_by.0.to_string())
        .changed("identity_verified_at", "", &instant(request.verified_at))
        .changed("retention_notice_version", "", &request.notice_version.to_string());
    let kept = save_managed_account(ctx, managed, planned, &event)?;
    ctx.tx.remove_sessions_of(kept.account.id, None)?;
    Ok(())
}

/// [`users::grace_days`] for an account.
pub fn grace_days_of<W>(ctx: &mut Context<'_, '_, W>, user: UserId) -> Result<i32, Problem> {
    let home = ctx.tx.home_of(user)?;
    let (home, orgs) = ctx.tx.for_platform(|tx| {
        let home = home.map(|id| tx.org(id)).transpose()?.flatten();
        Ok::<_, StoreError>((home, tx.orgs_of(user)?))
    })?;
    let is_known_elsewhere = home.as_ref().is_some_and(|home| orgs != [home.id]);
    let of_home = home.and_then(|home| home.grace_days);
    Ok(users::grace_days(of_home, is_known_elsewhere, ctx.tx.platform_settings()?.grace_days))
}

/// Requires everything that a deletion needs, except for the approval of a second approver.
pub fn may_be_deleted<W>(ctx: &mut Context<'_, '_, W>, managed: &ManagedAccount) -> Result<(), Problem> {
    managed.authority.may_modify()?;
    require_remaining_owner(ctx, &managed.account)?;
    managed.account.as_of(ctx.now).schedule_deletion(ctx.now, ctx.now)?;
    Ok(())
}

/// Cancels a scheduled deletion (S000-15).
pub fn cancel_deletion<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    let kept = managed.account.cancel_deletion(ctx.now)?;
    ctx.tx.remove_one_time_tokens(Some(kept.id), TokenPurpose::CancelDeletion)?;
    let event = managed_account_event(ctx, AccountEventKind::DeletionCancelled, managed, Some(reason));
    // Notifies owners who asked for the deletion themselves, too.
    managed.outgoing_mail(MailKind::AccountReactivated).queue(ctx.tx, ctx.now)?;
    save_managed_account(ctx, managed, kept, &event)
}

/// Deletes an account whose deletion is due. A tombstone remains, and all means of access are removed. Returns true
/// if another transaction must continue. The first one removes nothing, and fails if the last one would be refused.
/// After it, nobody can log in or cancel the deletion.
///
/// Does nothing if another process has deleted the account.
pub fn carry_out_deletion(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Problem> {
    let Some(account) = tx.account(user)? else { return Ok(false) };
    let Ok(started) = account.start_deletion(now()) else { return Ok(false) };
    if !account.is_deletion_started() {
        for org in tx.orgs_of(user)? {
            tx.enter(org)?;
            ended_membership(tx, org, user)?;
        }
        tx.save_account(&started)?;
        return Ok(true);
    }
    let gone = account.delete(now())?;
    if tx.remove_belongings(&account, &gone.email)? {
        return Ok(true);
    }
    tx.save_account(&gone)?;
    tx.remove_password(user)?;
    tx.end_rights_to_approve(user, now())?;
    for org in tx.orgs_of(user)? {
        tx.enter(org)?;
        let Some((membership, event)) = ended_membership(tx, org, user)? else { continue };
        tx.members(org).remove(&membership, now())?;
        tx.record(LogEntry { org, id: new_id(), actor: None, request_id: String::new(), at: now(), event });
    }
    // Organizations that the person left keep their requests, too.
    let asked = tx.orgs_with_requests_of(user)?;
    index_requests(tx, &gone, &asked)?;
    tx.record_account(&system_account_event(AccountEventKind::AccountDeleted, user, None))?;
    // To the address instead of the account: the tombstone has no address.
    OutgoingMail::to_address(account.email.clone(), &account.locale, MailKind::DeletionDone)
        .queue(tx, now())?;
    Ok(false)
}

/// A membership, and the event that records its end. Refused if the organization would have no owner left.
fn ended_membership(
    tx: &mut Tx<'_>,
    org: OrgId,
    user: UserId,
) -> Result<Option<(Membership, Event)>, Problem> {
    tx.members(org).lock_memberships()?;
    let Some(member) = tx.members(org).find(user)? else { return Ok(None) };
    let others = tx.members(org).other_owners(user)?;
    let event = roles::end_membership(&member.membership, others)?;
    Ok(Some((member.membership, event)))
}

//! Votes on critical changes: what suspends and restores them, and who is notified (S001-30).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::OrgId;
use persistence::{AccountEvent, Tx};
use roles::{ApprovalRight, EndorsementRefused, TakeoverAct};
use users::{Account, AccountEventKind, UserId};

use crate::account_events::account_event;
use crate::accounts::account_tasks::{HoldersNotice, NoticeTopic};
use crate::accounts::managed_account::ManagedAccount;
use crate::approvals::notices::{NOTICE_BATCH_SIZE, notify_holders, vote_mail};
use crate::context::{Context, new_id};
use crate::problem::Problem;
use crate::problem_codes::Code;

/// A change of an approver's vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VoteChange {
    /// Others may have entered the account.
    Suspended,
    /// The operator of the server issued a link for a lost owner, and may have entered the account.
    OwnerRecovered,
    /// The owner used a link to an address that was proved before, or another approver restored the vote.
    Restored,
}

impl VoteChange {
    fn as_str(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::OwnerRecovered => "owner_recovered",
            Self::Restored => "restored",
        }
    }
}

/// Records an act that could give its actor access to an account, before the act is done. Suspends the votes of the
/// account. Notifies the account at its current address, and the other holders of its rights.
pub fn record_takeover<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    act: TakeoverAct,
) -> Result<(), Problem> {
    let by = ctx.origin.actor()?;
    let responsible = ctx.tx.responsible_for(by, ctx.now)?;
    let (account, now) = (&managed.account, ctx.now);
    let address = account.proved_address().cloned();
    ctx.tx.add_takeover(new_id(), account.id, act, responsible, address, now)?;
    notify_everywhere(ctx.tx, account, VoteChange::Suspended, now)
}

/// Requires that nobody else may be acting through the account of an approver who gives up all rights.
pub fn require_own_vote_to_give_up<W>(ctx: &mut Context<'_, '_, W>, user: UserId) -> Result<(), Problem> {
    let now = ctx.now;
    let held = ctx.tx.holdings_of(user)?;
    let mut held = held.into_iter().filter(|(_, _, held)| held.lost_at.is_none());
    match held.all(|(_, _, held)| held.may_give_up(now)) {
        true => Ok(()),
        false => Err(Problem::new(
            Code::VoteMissing,
            "Others may have entered this account, which can approve critical changes; restore its vote first.",
        )),
    }
}

/// Restores or starts the vote of an approver, vouched for by another approver, for each right without one.
pub fn restore_vote<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    user: UserId,
    reason: &str,
) -> Result<(), Problem> {
    let by = ctx.origin.actor()?;
    let responsible = ctx.tx.responsible_for(by, ctx.now)?;
    let mut refusal = EndorsementRefused::NotAHolder;
    let mut is_restored = false;
    for right in ApprovalRight::of(org) {
        let holders = ctx.tx.holders(org, right)?;
        match holders.endorse(user, by, responsible.clone(), ctx.now) {
            Ok(holder) => {
                ctx.tx.save_endorsement(org, right, &holder)?;
                is_restored = true;
            }
            Err(EndorsementRefused::NotAHolder) => {}
            Err(refused) => refusal = refused,
        }
    }
    if !is_restored {
        return Err(refusal.into());
    }
    let mut event = account_event(AccountEventKind::VoteRestored, user, ctx.origin);
    event.org = org;
    event.reason = Some(reason.to_owned());
    ctx.tx.record_account(&event)?;
    let account = ctx.tx.account(user)?.ok_or_else(Problem::not_found)?;
    let now = ctx.now;
    ctx.tx
        .for_platform(|tx| notify_in(tx, &account, org, (VoteChange::Restored, NOTICE_BATCH_SIZE), now))
        .map(drop)
}

/// Ends the takeovers that the use of a link to this address refutes, and notifies everybody concerned.
pub fn restore_votes_by_link(
    tx: &mut Tx<'_>,
    account: &Account,
    event: &AccountEvent,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    if !tx.end_takeovers(account.id, &account.email)? || tx.holdings_of(account.id)?.is_empty() {
        return Ok(());
    }
    tx.record_account(event)?;
    notify_everywhere(tx, account, VoteChange::Restored, now)
}

/// Notifies the account, and the other holders of its rights, of a link that the operator of the server issued.
pub fn notify_operator_entry(tx: &mut Tx<'_>, account: &Account, now: DateTime<Utc>) -> Result<(), Problem> {
    notify_everywhere(tx, account, VoteChange::OwnerRecovered, now)
}

/// Notifies the account, and the other holders of its rights in all organizations and on the platform.
fn notify_everywhere(
    tx: &mut Tx<'_>,
    account: &Account,
    change: VoteChange,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    tx.for_platform(|tx| {
        let held = tx.holdings_of(account.id)?;
        let places: BTreeSet<Option<OrgId>> =
            held.into_iter().filter(|(_, _, held)| held.lost_at.is_none()).map(|(org, _, _)| org).collect();
        if places.is_empty() {
            return Ok(());
        }
        vote_mail(account, account.email.as_str(), None, change.as_str()).queue(tx, now)?;
        let mut left = NOTICE_BATCH_SIZE;
        for org in places {
            left -= notify_in(tx, account, org, (change, left), now)?;
        }
        Ok(())
    })
}

/// Notifies the other holders of an account's rights in one organization, or on the platform: so many now, the rest right
/// after this transaction. Returns how many it has notified.
fn notify_in(
    tx: &mut Tx<'_>,
    account: &Account,
    org: Option<OrgId>,
    (change, at_most): (VoteChange, usize),
    now: DateTime<Utc>,
) -> Result<usize, Problem> {
    let email = shown_email(tx, account, org)?;
    let notice = HoldersNotice {
        org_id: org.map(|org| org.0),
        of: NoticeTopic::Vote { change: change.as_str().to_owned(), email },
        except: vec![account.id.0],
        after: None,
    };
    notify_holders(tx, &notice, at_most, now)
}

/// The address by which an organization knows an account (R15).
pub(super) fn shown_email(tx: &mut Tx<'_>, account: &Account, org: Option<OrgId>) -> Result<String, Problem> {
    let member = match org {
        Some(org) => tx.members(org).find(account.id)?,
        None => None,
    };
    let known = member.as_ref().map(|member| member.membership.shown_member(account).email());
    Ok(known.unwrap_or(&account.email).as_str().to_owned())
}

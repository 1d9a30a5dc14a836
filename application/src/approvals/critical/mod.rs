//! Changes that require a second approver (S001-30). They are made when another approver approves them, or after
//! seven days without objection.

pub mod concerned;
pub mod in_organization;
pub mod on_platform;
pub mod settle;

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::{Approval, ApprovalId, ApprovalRight, ApprovalStatus, CriticalChange, TakesEffect};
use users::{AccountEventKind, UserId};

use crate::account_events::account_event;
use crate::approvals::critical::concerned::notify_concerned;
use crate::context::{Context, new_id};
use crate::notifications::pending_decisions::{DecisionKind, PendingDecision, notify_members};
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Whether the same change is pending already.
fn has_pending_request(tx: &mut Tx<'_>, request: &Approval, now: DateTime<Utc>) -> Result<bool, Problem> {
    let undecided = tx.undecided_approvals(request.org, request.subject)?;
    Ok(undecided
        .iter()
        .any(|other| other.status(now) == ApprovalStatus::Pending && other.is_same_change(request)))
}

/// Requests a critical change on behalf of the caller.
pub fn request_approval<W>(
    ctx: &mut Context<'_, '_, W>,
    change: CriticalChange,
    subject: UserId,
    org: Option<orgs::OrgId>,
    reason: &str,
) -> Result<Approval, Problem> {
    let by = ctx.origin.actor()?;
    let id = ApprovalId(new_id());
    let holders = ctx.tx.holders(org, ApprovalRight::for_change(&change, org))?;
    let requester = holders.requester(by, ctx.now);
    let approval = Approval::create(id, change, subject, org, reason.to_owned(), requester, ctx.now);
    if has_pending_request(ctx.tx, &approval, ctx.now)? {
        return Err(Problem::new(Code::AlreadyExists, "The same change is already pending approval."));
    }
    ctx.tx.add_approval(&approval)?;
    record_approval(ctx, AccountEventKind::ApprovalRequested, &approval)?;
    notify_if_made_unless_denied(ctx.tx, &approval, ctx.now)?;
    if let Some(org) = org {
        let waiting = PendingDecision { kind: DecisionKind::Approval, id: approval.id.0, org: Some(org) };
        notify_members(ctx.tx, waiting, ctx.now)?;
    }
    Ok(approval)
}

fn record_approval<W>(
    ctx: &mut Context<'_, '_, W>,
    what: AccountEventKind,
    approval: &Approval,
) -> Result<(), Problem> {
    let mut event =
        account_event(what, approval.subject, ctx.origin).changed("change", "", approval.change.kind());
    event.org = approval.org;
    event.reason = Some(approval.reason.clone());
    Ok(ctx.tx.record_account(&event)?)
}

/// Saves and records the decision of a holder of the right.
pub fn save_verdict<W>(
    ctx: &mut Context<'_, '_, W>,
    approval: &Approval,
    is_approved: bool,
) -> Result<Approval, Problem> {
    let by = ctx.origin.actor()?;
    let holders = ctx.tx.holders(approval.org, approval.right())?;
    let decided = approval.decide(by, is_approved, &holders, ctx.now)?;
    ctx.tx.save_approval(&decided)?;
    record_approval(
        ctx,
        if is_approved { AccountEventKind::ApprovalGranted } else { AccountEventKind::ApprovalDenied },
        &decided,
    )?;
    Ok(decided)
}

/// Notifies everybody who can deny it of a change that is made unless denied.
fn notify_if_made_unless_denied(
    tx: &mut Tx<'_>,
    approval: &Approval,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    match approval.takes_effect {
        TakesEffect::UnlessDenied => notify_concerned(tx, approval, now),
        TakesEffect::Immediately | TakesEffect::AfterApproval => Ok(()),
    }
}

fn subject_changed() -> Problem {
    Problem::new(
        Code::Conflict,
        "The person no longer has the role or membership in question; deny the request instead.",
    )
}

fn as_conflict(problem: Problem) -> Problem {
    if problem.code() == Code::NotFound { subject_changed() } else { problem }
}

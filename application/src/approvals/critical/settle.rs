//! Settlement of changes that nobody decided within seven days (S001-30).

use std::collections::BTreeSet;

use orgs::OrgId;
use persistence::Tx;
use roles::{Actor, Approval, ApprovalId};
use users::{AccountEventKind, Session, SessionId, UserId};

use super::in_organization::apply_change_in_org;
use super::on_platform::apply_change_on_platform;
use crate::app::App;
use crate::approvals::critical::record_approval;
use crate::clock::{new_id, now};
use crate::context::{Context, SignedIn, require_effective};
use crate::origin::Origin;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Makes a change that nobody denied, on behalf of the requester and by their current rights. All its rules are
/// checked again. If several processes try, one of them does it.
pub fn settle(tx: &mut Tx<'_>, app: &App, id: ApprovalId) -> Result<(), Problem> {
    let Some(approval) = tx.approval_anywhere(id)? else { return Ok(()) };
    let org = approval.org;
    org.map_or(Ok(()), |org| tx.enter(org))?;
    let holders = tx.holders(org, approval.right())?;
    let mut unable_to_object = BTreeSet::new();
    let concerned = holders.current().map(|holder| holder.user).chain([approval.subject]);
    for user in concerned {
        if !can_object(tx, org, user)? {
            unable_to_object.insert(user);
        }
    }
    let Some(settled) = approval.settle(&holders, &unable_to_object, now()) else { return Ok(()) };
    tx.save_approval(&settled)?;
    if settled.verdict.is_none() {
        return Ok(());
    }
    let origin = Origin::on_behalf_of(approval.requested_by);
    match org {
        Some(org) => {
            let actor = requester_in(tx, org, &settled)?;
            let mut ctx = Context::new(tx, app, &origin, actor);
            record_approval(&mut ctx, AccountEventKind::ApprovalGranted, &settled)?;
            apply_change_in_org(&mut ctx, &settled)
        }
        None => {
            let platform = tx.platform_permissions(approval.requested_by)?;
            if !can_object(tx, None, approval.requested_by)?
                || !approval.right().is_held_with(&platform)
                || tx.lacks_platform_two_factor(approval.requested_by, true)?
            {
                return Err(Problem::new(
                    Code::Forbidden,
                    "The requester is no longer allowed to request this.",
                ));
            }
            let session = Session::begin(SessionId(new_id()), approval.requested_by, None, None, now());
            let signed_in = SignedIn { session, platform, lacks_two_factor: false };
            let mut ctx = Context::new(tx, app, &origin, signed_in);
            record_approval(&mut ctx, AccountEventKind::ApprovalGranted, &settled)?;
            apply_change_on_platform(&mut ctx, &settled)
        }
    }
}

/// Expires a change that can no longer be made.
pub fn expire_change(tx: &mut Tx<'_>, id: ApprovalId) -> Result<(), Problem> {
    let Some(approval) = tx.approval_anywhere(id)? else { return Ok(()) };
    Ok(tx.save_approval(&approval.expired())?)
}

/// Whether a user can log in and deny a change; for an organization's change, as a member.
fn can_object(tx: &mut Tx<'_>, org: Option<OrgId>, user: UserId) -> Result<bool, Problem> {
    if !tx.account(user)?.is_some_and(|account| account.as_of(now()).may_log_in()) {
        return Ok(false);
    }
    let Some(org) = org else { return Ok(true) };
    Ok(tx.member_caller(org, user)?.is_none_or(|member| member.is_active(now())))
}

fn requester_in(tx: &mut Tx<'_>, org: OrgId, approval: &Approval) -> Result<Actor, Problem> {
    let gone = || Problem::new(Code::Forbidden, "The requester is no longer a member.");
    let caller = tx.member_caller(org, approval.requested_by)?.ok_or_else(gone)?;
    require_effective(&caller)?;
    if !can_object(tx, Some(org), approval.requested_by)? {
        return Err(gone());
    }
    caller.actor.require_all(approval.right().member_permissions())?;
    Ok(caller.actor)
}

//! Critical changes of an organization.

use roles::{Approval, ApprovalId, ApprovalRight, CriticalChange, MembershipChange};
use users::{AccountEventKind, UserId};
use uuid::Uuid;

use crate::accounts::deletion::plan_deletion;
use crate::accounts::managed_account::managed_account_in_org;
use crate::approvals::critical::{as_conflict, save_verdict, subject_changed};
use crate::context::Context;
use crate::members::membership_changes::{notify_roles, record_membership};
use crate::problem::Problem;

/// The approval of this organization. Returns 404 if it does not exist.
pub fn find_approval_in_org(ctx: &mut Context<'_, '_>, id: Uuid) -> Result<Approval, Problem> {
    ctx.tx.approval(Some(ctx.caller.org_id), ApprovalId(id))?.ok_or_else(Problem::not_found)
}

/// Whether one holder alone may remove an owner, because that owner's vote has not started.
pub fn may_remove_owner_alone(ctx: &mut Context<'_, '_>, user: UserId) -> Result<bool, Problem> {
    let holders = ctx.tx.holders(Some(ctx.caller.org_id), ApprovalRight::ChangeOwners)?;
    // An unclaimed membership holds no right.
    Ok(holders.find(user).is_none_or(|holder| holder.may_be_removed_alone(ctx.now)))
}

/// Decides on an approval as the second approver. If approved, the change is made at once, by the rights of the
/// approver.
pub fn decide_approval_in_org(
    ctx: &mut Context<'_, '_>,
    id: Uuid,
    is_approved: bool,
) -> Result<Approval, Problem> {
    let approval = find_approval_in_org(ctx, id)?;
    if is_approved {
        ctx.caller.require_all(approval.right().member_permissions())?;
    }
    let decided = save_verdict(ctx, &approval, is_approved)?;
    if is_approved {
        apply_change_in_org(ctx, &decided)?;
    }
    Ok(decided)
}

pub(super) fn apply_change_in_org(ctx: &mut Context<'_, '_>, approval: &Approval) -> Result<(), Problem> {
    let through = approval.requested_through.clone();
    ctx.tx.set_grantor(approval.requested_by, through, approval.approved_by());
    let org = ctx.caller.org_id;
    let managed = managed_account_in_org(ctx, approval.subject).map_err(as_conflict)?;
    match &approval.change {
        CriticalChange::DeleteAccount(request) => {
            managed.authority.may_modify()?;
            plan_deletion(ctx, &managed, request, &approval.reason)
        }
        CriticalChange::RemoveOwner => {
            ctx.tx.members(org).lock_memberships()?;
            let member = ctx.tx.members(org).find(approval.subject)?;
            let member = member.filter(|m| m.membership.is_owner()).ok_or_else(subject_changed)?;
            let roles = ctx.tx.roles(org).all()?;
            let others = ctx.tx.members(org).other_owners(approval.subject)?;
            let event = roles::remove_member(&member.membership, &ctx.caller, &roles, others)?;
            ctx.tx.members(org).remove(&member.membership, ctx.now)?;
            ctx.record(event);
            let ended = (Some(&member.membership), None);
            record_membership(ctx, AccountEventKind::MemberRemoved, ended, Some(&approval.reason))
        }
        CriticalChange::DemoteOwner(keys) => {
            ctx.tx.members(org).lock_memberships()?;
            let member = ctx.tx.members(org).find(approval.subject)?;
            let member = member.filter(|m| m.membership.is_owner()).ok_or_else(subject_changed)?;
            let roles = ctx.tx.roles(org).all()?;
            let others = ctx.tx.members(org).other_owners(approval.subject)?;
            let change = MembershipChange { roles: Some(keys.clone()), ..MembershipChange::default() };
            if let Some((changed, event)) =
                member.membership.update(&ctx.caller, change, &roles, others, ctx.now)?
            {
                ctx.tx.members(org).save(&changed)?;
                ctx.record(event);
                let changes = (Some(&member.membership), Some(&changed));
                record_membership(ctx, AccountEventKind::MemberUpdated, changes, Some(&approval.reason))?;
                notify_roles(ctx, &member.account, &changed, &roles)?;
            }
            Ok(())
        }
        CriticalChange::GrantPlatformRole(_) | CriticalChange::RemovePlatformOwner => {
            Err(Problem::internal())
        }
    }
}

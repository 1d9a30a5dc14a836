//! Critical changes of the platform.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::{
    Approval, ApprovalId, ApprovalRight, CriticalChange, PlatformPermission, PlatformRole, TakesEffect,
};
use users::{AccountEventKind, AccountStatus, UserId};
use uuid::Uuid;

use crate::account_events::system_account_event;
use crate::accounts::deletion::plan_deletion;
use crate::accounts::managed_account::{ManagedAccount, managed_account_event, managed_account_on_platform};
use crate::approvals::critical::{
    as_conflict, has_pending_request, notify_if_made_unless_denied, record_approval, request_approval,
    save_verdict,
};
use crate::context::{Context, SignedIn, new_id};
use crate::notifications::pending_decisions::notify_second_approvers;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// The platform roles whose holders have a permission.
fn roles_with(permission: PlatformPermission) -> Vec<PlatformRole> {
    PlatformRole::ALL.into_iter().filter(|role| role.grants().contains(&permission)).collect()
}

/// The approval of the platform. Returns 404 if it does not exist.
pub fn find_approval_on_platform(ctx: &mut Context<'_, '_, SignedIn>, id: Uuid) -> Result<Approval, Problem> {
    ctx.tx.approval(None, ApprovalId(id))?.ok_or_else(Problem::not_found)
}

/// Requests a critical change. It is made at once if nobody else holds the right, or held it in the last seven days.
/// Suspended holders are included: otherwise one owner could first suspend the other.
pub fn request_approval_or_apply(
    ctx: &mut Context<'_, '_, SignedIn>,
    change: CriticalChange,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<Approval, Problem> {
    let needed = change.platform_permission();
    let approval = request_approval(ctx, change, managed.account.id, None, reason)?;
    if approval.takes_effect != TakesEffect::Immediately {
        notify_second_approvers(ctx.tx, &approval, &roles_with(needed), ctx.now)?;
        return Ok(approval);
    }
    let passed = approval.pass(ctx.now);
    ctx.tx.save_approval(&passed)?;
    record_approval(ctx, AccountEventKind::ApprovalGranted, &passed)?;
    apply_change_on_platform(ctx, &passed)?;
    Ok(passed)
}

/// Decides on an approval as the second approver. If approved, the change is made at once, by the rights of the
/// approver.
pub fn decide_approval_on_platform(
    ctx: &mut Context<'_, '_, SignedIn>,
    id: Uuid,
    is_approved: bool,
) -> Result<Approval, Problem> {
    let approval = find_approval_on_platform(ctx, id)?;
    let needed = approval.change.platform_permission();
    if is_approved && !ctx.caller.holds(needed) {
        return Err(Problem::new(
            Code::Forbidden,
            format!("This needs the permission `{}`.", needed.as_str()),
        ));
    }
    let decided = save_verdict(ctx, &approval, is_approved)?;
    if is_approved {
        apply_change_on_platform(ctx, &decided)?;
    }
    Ok(decided)
}

pub(super) fn apply_change_on_platform(
    ctx: &mut Context<'_, '_, SignedIn>,
    approval: &Approval,
) -> Result<(), Problem> {
    let through = approval.requested_through.clone();
    ctx.tx.set_grantor(approval.requested_by, through, approval.approved_by());
    let managed = managed_account_on_platform(ctx, approval.subject).map_err(as_conflict)?;
    match &approval.change {
        CriticalChange::DeleteAccount(request) => {
            managed.authority.may_modify()?;
            plan_deletion(ctx, &managed, request, &approval.reason)
        }
        CriticalChange::GrantPlatformRole(role) => grant_role(ctx, &managed, *role, &approval.reason),
        CriticalChange::RemovePlatformOwner => remove_owner(ctx, &managed, &approval.reason),
        CriticalChange::RemoveOwner | CriticalChange::DemoteOwner(_) => Err(Problem::internal()),
    }
}

/// Requires that the caller may grant the role to the account.
pub fn require_grantable(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
    role: PlatformRole,
) -> Result<(), Problem> {
    managed.authority.may_modify()?;
    let held = ctx.tx.platform_roles(managed.account.id)?;
    Ok(role.require_grantable(&ctx.caller.platform, &managed.account, &held, ctx.now)?)
}

fn grant_role(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
    role: PlatformRole,
    reason: &str,
) -> Result<(), Problem> {
    require_grantable(ctx, managed, role)?;
    ctx.tx.add_platform_role(managed.account.id, role, ctx.now)?;
    let event = managed_account_event(ctx, AccountEventKind::PlatformRoleGranted, managed, Some(reason))
        .changed("role", "", role.as_str());
    Ok(ctx.tx.record_account(&event)?)
}

/// Requires that the platform has another owner who can log in.
pub fn require_other_platform_owner(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
) -> Result<(), Problem> {
    ctx.tx.lock_platform_roles()?;
    if !ctx.tx.platform_roles(managed.account.id)?.contains(&PlatformRole::Owner) {
        return Err(Problem::not_found());
    }
    let others = ctx.tx.holders_of(&[PlatformRole::Owner], &[AccountStatus::Active], managed.account.id)?;
    match others.is_empty() {
        true => Err(Problem::new(Code::LastOwner, "The platform would have no owner left who can log in.")),
        false => Ok(()),
    }
}

/// Whether one holder alone may revoke a platform role, because the vote that it gives has not started.
pub fn may_remove_alone(ctx: &mut Context<'_, '_, SignedIn>, user: UserId) -> Result<bool, Problem> {
    let holders = ctx.tx.holders(None, ApprovalRight::GrantPlatformRoles)?;
    Ok(holders.find(user).is_some_and(|holder| holder.may_be_removed_alone(ctx.now)))
}

fn remove_owner(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<(), Problem> {
    require_other_platform_owner(ctx, managed)?;
    revoke_platform_role(ctx, managed, PlatformRole::Owner, Some(reason))
}

/// Revokes a platform role. Returns 404 if the account does not have it.
pub fn revoke_platform_role(
    ctx: &mut Context<'_, '_, SignedIn>,
    managed: &ManagedAccount,
    role: PlatformRole,
    reason: Option<&str>,
) -> Result<(), Problem> {
    if !ctx.tx.remove_platform_role(managed.account.id, role, ctx.now)? {
        return Err(Problem::not_found());
    }
    let event = managed_account_event(ctx, AccountEventKind::PlatformRoleRemoved, managed, reason).changed(
        "role",
        role.as_str(),
        "",
    );
    Ok(ctx.tx.record_account(&event)?)
}

/// Requests a platform role on behalf of the inviter. Grants it at once if nobody else could approve (S001-30).
pub fn request_invited_role(
    tx: &mut Tx<'_>,
    by: UserId,
    subject: UserId,
    role: PlatformRole,
    through: BTreeSet<UserId>,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    if tx.platform_roles(subject)?.contains(&role) {
        return Ok(());
    }
    let reason = "Invited, and accepted the invitation.".to_owned();
    let change = CriticalChange::GrantPlatformRole(role);
    let mut requester = tx.holders(None, ApprovalRight::GrantPlatformRoles)?.requester(by, now);
    // People responsible for the invitation are responsible for the request as well.
    requester.through.extend(through);
    let approval = Approval::create(ApprovalId(new_id()), change, subject, None, reason, requester, now);
    if has_pending_request(tx, &approval, now)? {
        return Ok(());
    }
    let note = |what: AccountEventKind| {
        let event = system_account_event(what, subject, None).changed("role", "", role.as_str());
        persistence::AccountEvent { actor: Some(by), ..event }
    };
    tx.record_account(&note(AccountEventKind::ApprovalRequested))?;
    if approval.takes_effect != TakesEffect::Immediately {
        tx.add_approval(&approval)?;
        notify_if_made_unless_denied(tx, &approval, now)?;
        return notify_second_approvers(
            tx,
            &approval,
            &roles_with(PlatformPermission::GrantPlatformRoles),
            now,
        );
    }
    tx.add_approval(&approval.pass(now))?;
    tx.add_platform_role(subject, role, now)?;
    Ok(tx.record_account(&note(AccountEventKind::PlatformRoleGranted))?)
}

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::{
    Approval, ApprovalId, ApprovalRight, Course, CriticalChange, PlatformPermission, PlatformRole,
    require_proved,
};
use users::{AccountStatus, UserId};
use uuid::Uuid;

use super::{is_asked, notify_if_made_unless_denied, still_there};
use crate::context::{Context, SignedIn, new_id, system_account_event};
use crate::pending_decisions::notify_second_approvers;
use crate::people::ManagedAccount;
use crate::people::deletion::plan_deletion;
use crate::problem::{Code, Problem};

/// The platform roles whose holders have a permission.
fn roles_with(permission: PlatformPermission) -> Vec<PlatformRole> {
    PlatformRole::ALL.into_iter().filter(|role| role.grants().contains(&permission)).collect()
}

impl Context<'_, '_, SignedIn> {
    /// The approval of the platform, or 404.
    pub(crate) fn approval(&mut self, id: Uuid) -> Result<Approval, Problem> {
        self.tx.approval(None, ApprovalId(id))?.ok_or_else(Problem::not_found)
    }

    /// Asks for a critical change. If nobody else holds the right, or held it in the last seven days, it is made at once.
    /// Holders who are suspended are somebody: else one owner could suspend the other first.
    pub(crate) fn ask_or_do(
        &mut self,
        change: CriticalChange,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<Approval, Problem> {
        let needed = change.platform_permission();
        let asked = self.ask_for(change, managed.account.id, None, reason)?;
        if asked.course != Course::AtOnce {
            notify_second_approvers(self.tx, &asked, &roles_with(needed), self.now)?;
            return Ok(asked);
        }
        let passed = asked.pass(self.now);
        self.tx.save_approval(&passed)?;
        self.record_approval("approval_given", &passed)?;
        self.carry_out(&passed)?;
        Ok(passed)
    }

    /// Decides on it as a second person; approved, the change is made at once, by the rights of who approves.
    pub(crate) fn decide_on(&mut self, id: Uuid, is_approved: bool) -> Result<Approval, Problem> {
        let approval = self.approval(id)?;
        let needed = approval.change.platform_permission();
        if is_approved && !self.caller.holds(needed) {
            return Err(Problem::new(
                Code::Forbidden,
                format!("This needs the permission `{}`.", needed.as_str()),
            ));
        }
        let decided = self.decide(&approval, is_approved)?;
        if is_approved {
            self.carry_out(&decided)?;
        }
        Ok(decided)
    }

    pub(super) fn carry_out(&mut self, approval: &Approval) -> Result<(), Problem> {
        let through = approval.requested_through.clone();
        self.tx.gives_rights_for(approval.requested_by, through, approval.approved_by());
        let managed = self.managed_account(approval.subject).map_err(still_there)?;
        match &approval.change {
            CriticalChange::DeleteAccount(request) => {
                managed.authority.may_modify()?;
                plan_deletion(self, &managed, request, &approval.reason)
            }
            CriticalChange::GrantPlatformRole(role) => self.grant(&managed, *role, &approval.reason),
            CriticalChange::RemovePlatformOwner => self.remove_owner(&managed, &approval.reason),
            CriticalChange::RemoveOwner | CriticalChange::DemoteOwner(_) => Err(Problem::internal()),
        }
    }

    /// Requires that the role is not above the caller's own rights, and that the account is active, has a proved address and
    /// does not have the role.
    pub(crate) fn may_be_granted(
        &mut self,
        managed: &ManagedAccount,
        role: PlatformRole,
    ) -> Result<(), Problem> {
        managed.authority.may_modify()?;
        require_proved(&managed.account, false)?;
        if !PlatformRole::may_be_offered(Some(role), &self.caller.platform) {
            return Err(Problem::new(
                Code::Forbidden,
                "Nobody gives a platform role with more rights than his own.",
            ));
        }
        if !managed.account.as_of(self.now).may_log_in() {
            return Err(Problem::new(Code::InvalidTransition, "The account is not active."));
        }
        if self.tx.platform_roles(managed.account.id)?.contains(&role) {
            return Err(Problem::new(Code::Conflict, "The person has this role already."));
        }
        Ok(())
    }

    fn grant(&mut self, managed: &ManagedAccount, role: PlatformRole, reason: &str) -> Result<(), Problem> {
        self.may_be_granted(managed, role)?;
        self.tx.add_platform_role(managed.account.id, role, self.now)?;
        let event =
            self.event_of("platform_role_granted", managed, Some(reason)).changed("role", "", role.as_str());
        Ok(self.tx.record_account(&event)?)
    }

    /// Goes on only if somebody else stays who owns the platform and can log in.
    pub(crate) fn may_lose_platform_owner(&mut self, managed: &ManagedAccount) -> Result<(), Problem> {
        self.tx.lock_platform_roles()?;
        if !self.tx.platform_roles(managed.account.id)?.contains(&PlatformRole::Owner) {
            return Err(Problem::not_found());
        }
        let others =
            self.tx.holders_of(&[PlatformRole::Owner], &[AccountStatus::Active], managed.account.id)?;
        match others.is_empty() {
            true => {
                Err(Problem::new(Code::LastOwner, "The platform would have no owner left who can log in."))
            }
            false => Ok(()),
        }
    }

    /// Whether one holder alone may take a platform role away: the vote that it gives has not started yet.
    pub(crate) fn may_remove_alone(&mut self, user: UserId) -> Result<bool, Problem> {
        let holders = self.tx.holders(None, ApprovalRight::GrantPlatformRoles)?;
        Ok(holders.find(user).is_some_and(|holder| holder.may_be_removed_alone(self.now)))
    }

    fn remove_owner(&mut self, managed: &ManagedAccount, reason: &str) -> Result<(), Problem> {
        self.may_lose_platform_owner(managed)?;
        self.take_platform_role(managed, PlatformRole::Owner, Some(reason))
    }

    /// Takes a platform role that somebody has, or 404.
    pub(crate) fn take_platform_role(
        &mut self,
        managed: &ManagedAccount,
        role: PlatformRole,
        reason: Option<&str>,
    ) -> Result<(), Problem> {
        if !self.tx.remove_platform_role(managed.account.id, role, self.now)? {
            return Err(Problem::not_found());
        }
        let event =
            self.event_of("platform_role_removed", managed, reason).changed("role", role.as_str(), "");
        Ok(self.tx.record_account(&event)?)
    }
}

/// Asks for a platform role in the name of who invited to it; while nobody else could agree, it is given (S001-30).
pub(crate) fn ask_for_invited_role(
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
    // Whoever stood behind the invitation stands behind the request.
    requester.through.extend(through);
    let asked = Approval::ask(ApprovalId(new_id()), change, subject, None, reason, requester, now);
    if is_asked(tx, &asked, now)? {
        return Ok(());
    }
    let note = |what: &'static str| {
        let event = system_account_event(what, subject, None).changed("role", "", role.as_str());
        persistence::AccountEvent { actor: Some(by), ..event }
    };
    tx.record_account(&note("approval_requested"))?;
    if asked.course != Course::AtOnce {
        tx.add_approval(&asked)?;
        notify_if_made_unless_denied(tx, &asked, now)?;
        return notify_second_approvers(tx, &asked, &roles_with(PlatformPermission::GrantPlatformRoles), now);
    }
    tx.add_approval(&asked.pass(now))?;
    tx.add_platform_role(subject, role, now)?;
    Ok(tx.record_account(&note("platform_role_granted"))?)
}

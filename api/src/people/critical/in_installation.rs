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
use crate::people::Case;
use crate::people::deletion::plan_deletion;
use crate::problem::{Code, Problem};
use crate::waiting::tell_second_persons;
use crate::work::{SignedIn, Work, happened_apart, new_id};

/// The platform roles whose holders have a permission.
fn roles_with(permission: PlatformPermission) -> Vec<PlatformRole> {
    PlatformRole::ALL.into_iter().filter(|role| role.grants().contains(&permission)).collect()
}

impl Work<'_, '_, SignedIn> {
    /// The approval of the installation, or 404.
    pub(crate) fn approval(&mut self, id: Uuid) -> Result<Approval, Problem> {
        self.tx.approval(None, ApprovalId(id))?.ok_or_else(Problem::not_found)
    }

    /// Asks for a critical change. If nobody else holds the right, or held it in the last seven days, it is made at once.
    /// Holders who are suspended are somebody: else one owner could suspend the other first.
    pub(crate) fn ask_or_do(
        &mut self,
        change: CriticalChange,
        case: &Case,
        reason: &str,
    ) -> Result<Approval, Problem> {
        let needed = change.platform_permission();
        let asked = self.ask_for(change, case.account.id, None, reason)?;
        if asked.course != Course::AtOnce {
            tell_second_persons(self.tx, &asked, &roles_with(needed), self.now)?;
            return Ok(asked);
        }
        let passed = asked.pass(self.now);
        self.tx.save_approval(&passed)?;
        self.note_approval("approval_given", &passed)?;
        self.carry_out(&passed)?;
        Ok(passed)
    }

    /// Decides on it as a second person; approved, the change is made at once, by the rights of who approves.
    pub(crate) fn decide_on(&mut self, id: Uuid, is_approved: bool) -> Result<Approval, Problem> {
        let approval = self.approval(id)?;
        let needed = approval.change.platform_permission();
        if is_approved && !self.who.holds(needed) {
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
        let case = self.case(approval.subject).map_err(still_there)?;
        match &approval.change {
            CriticalChange::DeleteAccount(request) => {
                case.care.may_change()?;
                plan_deletion(self, &case, request, &approval.reason)
            }
            CriticalChange::GrantPlatformRole(role) => self.grant(&case, *role, &approval.reason),
            CriticalChange::RemovePlatformOwner => self.remove_owner(&case, &approval.reason),
            CriticalChange::RemoveOwner | CriticalChange::DemoteOwner(_) => Err(Problem::internal()),
        }
    }

    /// Requires that the role is not above the caller's own rights, and that the account is active, has a proved address and
    /// does not have the role.
    pub(crate) fn may_be_granted(&mut self, case: &Case, role: PlatformRole) -> Result<(), Problem> {
        case.care.may_change()?;
        require_proved(&case.account, false)?;
        if !PlatformRole::may_be_offered(Some(role), &self.who.platform) {
            return Err(Problem::new(
                Code::Forbidden,
                "Nobody gives a platform role with more rights than his own.",
            ));
        }
        if !case.account.as_of(self.now).may_log_in() {
            return Err(Problem::new(Code::InvalidTransition, "The account is not active."));
        }
        if self.tx.platform_roles(case.account.id)?.contains(&role) {
            return Err(Problem::new(Code::Conflict, "The person has this role already."));
        }
        Ok(())
    }

    fn grant(&mut self, case: &Case, role: PlatformRole, reason: &str) -> Result<(), Problem> {
        self.may_be_granted(case, role)?;
        self.tx.add_platform_role(case.account.id, role, self.now)?;
        let event =
            self.noted("platform_role_granted", case, Some(reason)).changed("role", "", role.as_str());
        Ok(self.tx.record_account(&event)?)
    }

    /// Goes on only if somebody else stays who owns the installation and can log in.
    pub(crate) fn may_lose_platform_owner(&mut self, case: &Case) -> Result<(), Problem> {
        self.tx.one_platform_change_at_a_time()?;
        if !self.tx.platform_roles(case.account.id)?.contains(&PlatformRole::Owner) {
            return Err(Problem::not_found());
        }
        let others = self.tx.holders_of(&[PlatformRole::Owner], &[AccountStatus::Active], case.account.id)?;
        match others.is_empty() {
            true => Err(Problem::new(
                Code::LastOwner,
                "The installation would have no owner left who can log in.",
            )),
            false => Ok(()),
        }
    }

    /// Whether one holder alone may take a platform role away: the vote that it gives has not started yet.
    pub(crate) fn may_remove_alone(&mut self, user: UserId) -> Result<bool, Problem> {
        let holders = self.tx.holders(None, ApprovalRight::GrantPlatformRoles)?;
        Ok(holders.find(user).is_some_and(|holder| holder.may_be_removed_alone(self.now)))
    }

    fn remove_owner(&mut self, case: &Case, reason: &str) -> Result<(), Problem> {
        self.may_lose_platform_owner(case)?;
        self.take_platform_role(case, PlatformRole::Owner, Some(reason))
    }

    /// Takes a platform role that somebody has, or 404.
    pub(crate) fn take_platform_role(
        &mut self,
        case: &Case,
        role: PlatformRole,
        reason: Option<&str>,
    ) -> Result<(), Problem> {
        if !self.tx.remove_platform_role(case.account.id, role, self.now)? {
            return Err(Problem::not_found());
        }
        let event = self.noted("platform_role_removed", case, reason).changed("role", role.as_str(), "");
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
        let event = happened_apart(what, subject, None).changed("role", "", role.as_str());
        persistence::AccountEvent { actor: Some(by), ..event }
    };
    tx.record_account(&note("approval_requested"))?;
    if asked.course != Course::AtOnce {
        tx.add_approval(&asked)?;
        notify_if_made_unless_denied(tx, &asked, now)?;
        return tell_second_persons(tx, &asked, &roles_with(PlatformPermission::GrantPlatformRoles), now);
    }
    tx.add_approval(&asked.pass(now))?;
    tx.add_platform_role(subject, role, now)?;
    Ok(tx.record_account(&note("platform_role_granted"))?)
}

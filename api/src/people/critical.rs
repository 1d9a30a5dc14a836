//! Changes that one person alone can't make (S001-30): asked for, then decided by somebody else.

use persistence::Tx;
use roles::{
    Actor, Approval, ApprovalId, ApprovalRefused, CriticalChange, MembershipChange, Permission,
    PlatformPermission, PlatformRole,
};
use serde::Serialize;
use users::{AccountStatus, UserId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::case::Case;
use super::deletion::plan_deletion;
use crate::problem::{Code, Problem, sentence};
use crate::words::instant;
use crate::work::{SignedIn, Work, happened, happened_apart, new_id};

/// Where an approval stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApprovalStatus {
    Pending,
    Approved,
    Denied,
    Expired,
}

/// A change so grave that a second person has to agree.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CriticalChangeKind {
    DeleteAccount,
    DemoteOwner,
    RemoveOwner,
    GrantPlatformRole,
    RemovePlatformOwner,
}

/// A critical change that waits for a second person, or has been decided.
#[derive(Serialize, ToSchema)]
#[schema(as = Approval, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a20", "kind": "remove_owner", "status": "pending",
    "org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "new_roles": null,
    "platform_role": null, "reason": "Left the clinic.", "requested_by": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e",
    "requested_at": "2026-11-22T14:05:00.000000Z", "expires_at": "2026-11-29T14:05:00.000000Z", "decided_by": null, "decided_at": null
}))]
pub(crate) struct ApprovalBody {
    id: Uuid,
    kind: CriticalChangeKind,
    status: ApprovalStatus,
    /// The organization in which it was asked for; null: the installation.
    org_id: Option<Uuid>,
    /// Whose account or membership it is about.
    user_id: Uuid,
    /// The roles that an owner would have instead.
    new_roles: Option<Vec<String>>,
    /// The platform role that would be given.
    platform_role: Option<String>,
    /// Why, in the words of who asks.
    reason: String,
    requested_by: Uuid,
    #[schema(value_type = DateTime<Utc>)]
    requested_at: String,
    /// Until when somebody may decide: seven days.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
    decided_by: Option<Uuid>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    decided_at: Option<String>,
}

impl ApprovalBody {
    pub(crate) fn of(approval: &Approval, now: chrono::DateTime<chrono::Utc>) -> Self {
        let (kind, new_roles, platform_role) = match &approval.change {
            CriticalChange::DeleteAccount(_) => (CriticalChangeKind::DeleteAccount, None, None),
            CriticalChange::DemoteOwner(roles) => {
                let words = roles.iter().map(|key| key.as_str().to_owned()).collect();
                (CriticalChangeKind::DemoteOwner, Some(words), None)
            }
            CriticalChange::RemoveOwner => (CriticalChangeKind::RemoveOwner, None, None),
            CriticalChange::RemovePlatformOwner => (CriticalChangeKind::RemovePlatformOwner, None, None),
            CriticalChange::GrantPlatformRole(role) => {
                (CriticalChangeKind::GrantPlatformRole, None, Some(role.as_str().to_owned()))
            }
        };
        Self {
            id: approval.id.0,
            kind,
            status: match approval.status(now) {
                roles::ApprovalStatus::Pending => ApprovalStatus::Pending,
                roles::ApprovalStatus::Approved => ApprovalStatus::Approved,
                roles::ApprovalStatus::Denied => ApprovalStatus::Denied,
                roles::ApprovalStatus::Expired => ApprovalStatus::Expired,
            },
            org_id: approval.org.map(|org| org.0),
            user_id: approval.subject.0,
            new_roles,
            platform_role,
            reason: approval.reason.clone(),
            requested_by: approval.requested_by.0,
            requested_at: instant(approval.requested_at),
            expires_at: instant(approval.expires_at),
            decided_by: approval.verdict.map(|v| v.by.0),
            decided_at: approval.verdict.map(|v| instant(v.at)),
        }
    }
}

impl From<ApprovalRefused> for Problem {
    fn from(refused: ApprovalRefused) -> Self {
        let code = match refused {
            ApprovalRefused::OwnRequest => Code::Forbidden,
            ApprovalRefused::Not(_) => Code::InvalidTransition,
        };
        Self::new(code, sentence(&refused))
    }
}

/// Whether a change of the same kind waits for the same person already.
fn is_asked(tx: &mut Tx<'_>, asked: &Approval, now: chrono::DateTime<chrono::Utc>) -> Result<bool, Problem> {
    let page = persistence::Page { after: None, limit: 50 };
    let known = tx.approvals(asked.org, Some(asked.subject), page)?;
    let pending = |a: &&Approval| a.status(now) == roles::ApprovalStatus::Pending && a.org == asked.org;
    let is_same = |a: &Approval| match (&a.change, &asked.change) {
        (CriticalChange::GrantPlatformRole(one), CriticalChange::GrantPlatformRole(other)) => one == other,
        (one, other) => one.kind() == other.kind(),
    };
    Ok(known.iter().filter(pending).any(is_same))
}

impl<W> Work<'_, '_, W> {
    /// Asks for a critical change, on behalf of whoever is logged in.
    pub(crate) fn ask_for(
        &mut self,
        change: CriticalChange,
        subject: UserId,
        org: Option<orgs::OrgId>,
        reason: &str,
    ) -> Result<Approval, Problem> {
        let by = self.head.bearer.ok_or_else(Problem::internal)?.user_id;
        let id = ApprovalId(new_id());
        let asked = Approval::ask(id, change, subject, org, reason.to_owned(), by, self.now);
        if is_asked(self.tx, &asked, self.now)? {
            return Err(Problem::new(
                Code::AlreadyExists,
                "The same change waits for a second person already.",
            ));
        }
        self.tx.add_approval(&asked)?;
        self.note_approval("approval_requested", &asked)?;
        Ok(asked)
    }

    fn note_approval(&mut self, what: &'static str, approval: &Approval) -> Result<(), Problem> {
        let mut event =
            happened(what, approval.subject, self.head).changed("change", "", approval.change.kind());
        event.org = approval.org;
        event.reason = Some(approval.reason.clone());
        Ok(self.tx.record_account(&event)?)
    }

    fn decide(&mut self, approval: &Approval, is_approved: bool) -> Result<Approval, Problem> {
        let by = self.head.bearer.ok_or_else(Problem::internal)?.user_id;
        let decided = approval.decide(by, is_approved, self.now)?;
        self.tx.save_approval(&decided)?;
        self.note_approval(if is_approved { "approval_given" } else { "approval_denied" }, &decided)?;
        Ok(decided)
    }
}

impl Work<'_, '_, Actor> {
    /// The approval of this organization, or 404.
    pub(crate) fn approval(&mut self, id: Uuid) -> Result<Approval, Problem> {
        self.tx.approval(Some(self.who.org_id), ApprovalId(id))?.ok_or_else(Problem::not_found)
    }

    /// Decides on it as a second person; approved, the change is made at once, by the rights of who approves.
    pub(crate) fn decide_on(&mut self, id: Uuid, is_approved: bool) -> Result<Approval, Problem> {
        let approval = self.approval(id)?;
        let needed = match approval.change {
            CriticalChange::DeleteAccount(_) => Permission::DeleteMemberAccounts,
            _ => Permission::ManageMembers,
        };
        self.who.require(needed)?;
        let decided = self.decide(&approval, is_approved)?;
        if is_approved {
            self.carry_out(&decided)?;
        }
        Ok(decided)
    }

    fn carry_out(&mut self, approval: &Approval) -> Result<(), Problem> {
        let org = self.who.org_id;
        let case = self.case(approval.subject).map_err(still_there)?;
        match &approval.change {
            CriticalChange::DeleteAccount(request) => {
                case.care.may_change()?;
                plan_deletion(self, &case, request, &approval.reason)
            }
            CriticalChange::RemoveOwner => {
                self.tx.members(org).one_at_a_time()?;
                let member = self.tx.members(org).find(approval.subject)?;
                let member = member.filter(|m| m.membership.is_owner()).ok_or_else(gone_meanwhile)?;
                let roles = self.tx.roles(org).all()?;
                let others = self.tx.members(org).other_owners(approval.subject)?;
                let event = roles::remove_member(&member.membership, &self.who, &roles, others)?;
                self.tx.members(org).remove(&member.membership)?;
                self.record(event);
                Ok(())
            }
            CriticalChange::DemoteOwner(keys) => {
                self.tx.members(org).one_at_a_time()?;
                let member = self.tx.members(org).find(approval.subject)?;
                let member = member.filter(|m| m.membership.is_owner()).ok_or_else(gone_meanwhile)?;
                let roles = self.tx.roles(org).all()?;
                let others = self.tx.members(org).other_owners(approval.subject)?;
                let change = MembershipChange { roles: Some(keys.clone()), ..MembershipChange::default() };
                if let Some((changed, event)) =
                    member.membership.update(&self.who, change, &roles, others, self.now)?
                {
                    self.tx.members(org).save(&changed)?;
                    self.record(event);
                }
                Ok(())
            }
            CriticalChange::GrantPlatformRole(_) | CriticalChange::RemovePlatformOwner => {
                Err(Problem::internal())
            }
        }
    }
}

fn gone_meanwhile() -> Problem {
    Problem::new(Code::Conflict, "The person is no longer what the request is about; deny it instead.")
}

fn still_there(problem: Problem) -> Problem {
    if problem.code() == Code::NotFound { gone_meanwhile() } else { problem }
}

/// The platform roles whose holders have a permission.
fn roles_with(permission: PlatformPermission) -> Vec<PlatformRole> {
    PlatformRole::ALL.into_iter().filter(|role| role.grants().contains(&permission)).collect()
}

fn needed_for(change: &CriticalChange) -> PlatformPermission {
    match change {
        CriticalChange::GrantPlatformRole(_) | CriticalChange::RemovePlatformOwner => {
            PlatformPermission::GrantPlatformRoles
        }
        _ => PlatformPermission::DeleteUsers,
    }
}

impl Work<'_, '_, SignedIn> {
    /// The approval of the installation, or 404.
    pub(crate) fn approval(&mut self, id: Uuid) -> Result<Approval, Problem> {
        self.tx.approval(None, ApprovalId(id))?.ok_or_else(Problem::not_found)
    }

    /// Asks for a critical change. While there is nobody else who could ever approve it, as in an installation with one
    /// owner, it is made at once. Who is shut off counts as somebody: else one owner could shut off the other first.
    pub(crate) fn ask_or_do(
        &mut self,
        change: CriticalChange,
        case: &Case,
        reason: &str,
    ) -> Result<Approval, Problem> {
        let needed = needed_for(&change);
        let asked = self.ask_for(change, case.account.id, None, reason)?;
        if has_other_holders(self.tx, needed, self.who.user_id())? {
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
        let needed = needed_for(&approval.change);
        if !self.who.holds(needed) {
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

    fn carry_out(&mut self, approval: &Approval) -> Result<(), Problem> {
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

    /// Goes on only if the role is not above the caller's own rights, the account is in use, and the role new to it.
    pub(crate) fn may_be_granted(&mut self, case: &Case, role: PlatformRole) -> Result<(), Problem> {
        case.care.may_change()?;
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
        self.tx.add_platform_role(case.account.id, role)?;
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
        if !self.tx.remove_platform_role(case.account.id, role)? {
            return Err(Problem::not_found());
        }
        let event = self.noted("platform_role_removed", case, reason).changed("role", role.as_str(), "");
        Ok(self.tx.record_account(&event)?)
    }
}

/// Whether anybody else holds a permission of the installation, be he shut off at the moment or not.
pub(crate) fn has_other_holders(
    tx: &mut Tx<'_>,
    permission: PlatformPermission,
    but: UserId,
) -> Result<bool, Problem> {
    let counting = [AccountStatus::Active, AccountStatus::Suspended];
    Ok(!tx.holders_of(&roles_with(permission), &counting, but)?.is_empty())
}

/// Asks for a platform role in the name of who invited to it; while nobody else could agree, it is given (S001-30).
pub(crate) fn ask_for_invited_role(
    tx: &mut Tx<'_>,
    by: UserId,
    subject: UserId,
    role: PlatformRole,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Problem> {
    if tx.platform_roles(subject)?.contains(&role) {
        return Ok(());
    }
    let reason = "Invited, and accepted the invitation.".to_owned();
    let change = CriticalChange::GrantPlatformRole(role);
    let asked = Approval::ask(ApprovalId(new_id()), change, subject, None, reason, by, now);
    if is_asked(tx, &asked, now)? {
        return Ok(());
    }
    let note = |what: &'static str| {
        let event = happened_apart(what, subject, None).changed("role", "", role.as_str());
        persistence::AccountEvent { actor: Some(by), ..event }
    };
    tx.record_account(&note("approval_requested"))?;
    if has_other_holders(tx, PlatformPermission::GrantPlatformRoles, by)? {
        return Ok(tx.add_approval(&asked)?);
    }
    tx.add_approval(&asked.pass(now))?;
    tx.add_platform_role(subject, role)?;
    Ok(tx.record_account(&note("platform_role_granted"))?)
}

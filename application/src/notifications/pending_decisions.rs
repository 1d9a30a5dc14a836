//! Notifies everybody who can decide on something by mail that it is pending.

use chrono::{DateTime, TimeDelta, Utc};
use mail::MailKind;
use orgs::OrgId;
use persistence::{MembershipRequestFilter, NewMail, Page, Tx};
use roles::{
    Approval, ApprovalId, ApprovalStatus, MembershipRequestId, Permission, PermissionRequestId, PlatformRole,
};
use tickets::{Ticket, TicketId, TicketScope};
use users::{Account, AccountStatus, UserId};
use uuid::Uuid;

use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Minutes without another mail about the same matter, so that repeated requests cannot flood mailboxes.
const PAUSE_MINUTES: i64 = 10;

/// The kinds of pending decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// A request to join.
    MembershipRequest,
    /// An appeal against a denied request to join.
    Appeal,
    /// A member's permission request.
    PermissionRequest,
    /// A change that requires a second approver.
    Approval,
    /// A ticket that requires approval before staff get it.
    Ticket,
}

impl DecisionKind {
    const ALL: [Self; 5] =
        [Self::MembershipRequest, Self::Appeal, Self::PermissionRequest, Self::Approval, Self::Ticket];

    fn as_str(self) -> &'static str {
        match self {
            Self::MembershipRequest => "membership_request",
            Self::Appeal => "appeal",
            Self::PermissionRequest => "permission_request",
            Self::Approval => "approval",
            Self::Ticket => "ticket",
        }
    }

    /// The permission that deciding requires.
    fn permission(self) -> Permission {
        match self {
            Self::MembershipRequest | Self::Appeal => Permission::DecideMembershipRequests,
            Self::PermissionRequest => Permission::DecidePermissionRequests,
            Self::Approval => Permission::DeleteMemberAccounts,
            Self::Ticket => Permission::ApproveTickets,
        }
    }
}

/// A matter that is pending a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingDecision {
    /// The kind of decision.
    pub kind: DecisionKind,
    /// The id of the request, approval or ticket.
    pub id: Uuid,
    /// The organization. None: the platform.
    pub org: Option<OrgId>,
}

impl PendingDecision {
    /// The path of the frontend's page for the decision.
    fn page(&self) -> String {
        let list = match self.kind {
            DecisionKind::MembershipRequest | DecisionKind::Appeal => "membership-requests",
            DecisionKind::PermissionRequest => "permission-requests",
            DecisionKind::Approval => "approvals",
            DecisionKind::Ticket => "tickets",
        };
        let home = self.org.map(|org| format!("/orgs/{}", org.0)).unwrap_or_default();
        format!("{home}/{list}/{}", self.id)
    }

    fn from_mail(mail: &NewMail) -> Option<Self> {
        let told = |name: &str| mail.variables.get(name)?.as_str();
        let kind = DecisionKind::ALL.into_iter().find(|kind| Some(kind.as_str()) == told("matter"))?;
        Some(Self { kind, id: told("matter_id")?.parse().ok()?, org: mail.org })
    }

    /// Whether this user may decide on it, by their current rights. The transaction must have entered the organization.
    fn is_for(&self, tx: &mut Tx<'_>, user: UserId, now: DateTime<Utc>) -> Result<bool, Problem> {
        let Some(org) = self.org else {
            let held = tx.platform_permissions(user)?;
            let approval =
                tx.approval(None, ApprovalId(self.id))?.filter(|approval| is_pending(approval, now));
            return Ok(approval.is_some_and(|approval| approval.may_be_approved_with(user, &held)));
        };
        let caller =
            tx.member_caller(org, user)?.filter(|caller| caller.org_is_active && caller.is_active(now));
        let Some(actor) = caller.map(|caller| caller.actor) else { return Ok(false) };
        if !actor.holds(self.kind.permission()) {
            return Ok(false);
        }
        Ok(match self.kind {
            DecisionKind::MembershipRequest | DecisionKind::Appeal => {
                let filter = MembershipRequestFilter {
                    org: Some(org),
                    id: Some(MembershipRequestId(self.id)),
                    ..MembershipRequestFilter::default()
                };
                let found = tx.membership_requests(filter, Page { after: None, limit: 1 })?;
                found.first().is_some_and(|named| named.request.may_be_decided_by(user).is_ok())
            }
            DecisionKind::PermissionRequest => {
                let found = tx.permission_request(org, PermissionRequestId(self.id))?;
                found.is_some_and(|request| request.may_be_decided(&actor).is_ok())
            }
            DecisionKind::Approval => {
                let approval =
                    tx.approval(Some(org), ApprovalId(self.id))?.filter(|approval| is_pending(approval, now));
                approval.is_some_and(|approval| approval.may_be_approved_by(&actor))
                    && actor.holds(Permission::ViewMembers)
            }
            DecisionKind::Ticket => {
                let Ok(scope) = TicketScope::of(&actor) else { return Ok(false) };
                let found = tx.tickets(org).find(&scope, TicketId(self.id))?;
                found.is_some_and(|ticket| ticket.may_be_decided_by(&actor).is_ok())
            }
        })
    }
}

fn is_pending(approval: &Approval, now: DateTime<Utc>) -> bool {
    approval.status(now) == ApprovalStatus::Pending
}

/// Whether the matter of a mail is still pending for its recipient.
pub fn may_still_decide(tx: &mut Tx<'_>, mail: &NewMail, now: DateTime<Utc>) -> Result<bool, Problem> {
    match (PendingDecision::from_mail(mail), mail.user) {
        (Some(waiting), Some(user)) => {
            waiting.org.map_or(Ok(()), |org| tx.enter(org))?;
            waiting.is_for(tx, user, now)
        }
        _ => Ok(false),
    }
}

/// Notifies the members who may decide on something in their organization.
pub fn notify_members(tx: &mut Tx<'_>, waiting: PendingDecision, now: DateTime<Utc>) -> Result<(), Problem> {
    let Some(org) = waiting.org else { return Ok(()) };
    let holders = tx.holders_in(org, waiting.kind.permission(), None, now)?;
    notify_deciders(tx, waiting, holders, now)
}

/// Notifies the representatives who may approve a ticket.
pub fn notify_representatives(tx: &mut Tx<'_>, ticket: &Ticket, now: DateTime<Utc>) -> Result<(), Problem> {
    let waiting = PendingDecision { kind: DecisionKind::Ticket, id: ticket.id.0, org: Some(ticket.org_id) };
    let location = Some(ticket.location_id);
    let holders = tx.holders_in(ticket.org_id, waiting.kind.permission(), location, now)?;
    notify_deciders(tx, waiting, holders, now)
}

/// Notifies the platform administrators who may be the second approver.
pub fn notify_second_approvers(
    tx: &mut Tx<'_>,
    approval: &Approval,
    roles: &[PlatformRole],
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let waiting = PendingDecision { kind: DecisionKind::Approval, id: approval.id.0, org: None };
    let mut holders = Vec::new();
    for user in tx.holders_of(roles, &[AccountStatus::Active], approval.requested_by)? {
        holders.extend(tx.account(user)?);
    }
    notify_deciders(tx, waiting, holders, now)
}

fn notify_deciders(
    tx: &mut Tx<'_>,
    waiting: PendingDecision,
    people: Vec<Account>,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let ids: Vec<UserId> = people.iter().map(|account| account.id).collect();
    let since = now - TimeDelta::minutes(PAUSE_MINUTES);
    let mut lately = tx.mailed_since(MailKind::DecisionPending, waiting.org, &ids, since)?;
    lately.retain(|(_, told)| told["matter"] == waiting.kind.as_str());
    for account in people.iter().filter(|account| lately.iter().all(|(user, _)| *user != account.id)) {
        if waiting.is_for(tx, account.id, now)? {
            OutgoingMail::to(account, MailKind::DecisionPending)
                .from(waiting.org)
                .variable("matter", waiting.kind.as_str())
                .variable("matter_id", waiting.id.to_string())
                .link("link", &waiting.page())
                .queue(tx, now)?;
        }
    }
    Ok(())
}

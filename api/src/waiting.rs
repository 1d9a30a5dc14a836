//! Whoever can decide on something learns by mail that it waits.

use chrono::{DateTime, Utc};
use mail::MailKind;
use orgs::OrgId;
use persistence::Tx;
use roles::{Approval, Permission, PlatformRole};
use tickets::Ticket;
use users::{Account, AccountStatus, UserId};
use uuid::Uuid;

use crate::mail::Letter;
use crate::problem::Problem;

/// What waits for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matter {
    /// Somebody asks to join.
    MembershipRequest,
    /// Somebody appeals a refusal.
    Appeal,
    /// A member wishes for more rights.
    PermissionRequest,
    /// A change needs a second person.
    Approval,
    /// A request needs leave before staff get it.
    Ticket,
}

impl Matter {
    fn as_str(self) -> &'static str {
        match self {
            Self::MembershipRequest => "membership_request",
            Self::Appeal => "appeal",
            Self::PermissionRequest => "permission_request",
            Self::Approval => "approval",
            Self::Ticket => "ticket",
        }
    }

    /// Where it is decided on.
    fn place(self, org: Option<OrgId>, id: Uuid) -> String {
        let list = match self {
            Self::MembershipRequest | Self::Appeal => "membership-requests",
            Self::PermissionRequest => "permission-requests",
            Self::Approval => "approvals",
            Self::Ticket => "tickets",
        };
        org.map_or_else(|| format!("/{list}/{id}"), |org| format!("/orgs/{}/{list}/{id}", org.0))
    }
}

/// Tells the members who hold a permission, apart from those who may not decide on this.
pub(crate) fn tell_who_decides(
    tx: &mut Tx<'_>,
    (matter, id): (Matter, Uuid),
    org: OrgId,
    permission: Permission,
    but: &[UserId],
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    for holder in tx.holders_in(org, permission, but)? {
        tell(tx, &holder, (matter, id), Some(org), now)?;
    }
    Ok(())
}

/// Tells the representatives who may give a request leave.
pub(crate) fn tell_representatives(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let org = ticket.org_id;
    for holder in tx.holders_in(org, Permission::ApproveTickets, &[ticket.requester_id])? {
        let caller = tx.member_caller(org, holder.id)?;
        if caller.is_some_and(|caller| ticket.may_be_decided_by(&caller.actor).is_ok()) {
            tell(tx, &holder, (Matter::Ticket, ticket.id.0), Some(org), now)?;
        }
    }
    Ok(())
}

/// Tells those who run the installation, and may be the second person.
pub(crate) fn tell_second_persons(
    tx: &mut Tx<'_>,
    asked: &Approval,
    roles: &[PlatformRole],
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let holders = tx.holders_of(roles, &[AccountStatus::Active], asked.requested_by)?;
    for holder in holders.into_iter().filter(|holder| *holder != asked.subject) {
        if let Some(account) = tx.account(holder)? {
            tell(tx, &account, (Matter::Approval, asked.id.0), None, now)?;
        }
    }
    Ok(())
}

fn tell(
    tx: &mut Tx<'_>,
    to: &Account,
    (matter, id): (Matter, Uuid),
    org: Option<OrgId>,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let letter = Letter::to(to, MailKind::DecisionWaits)
        .telling("matter", matter.as_str())
        .telling_where("link", &matter.place(org, id));
    let letter = match org {
        Some(org) => letter.from(org),
        None => letter,
    };
    letter.queue(tx, now)?;
    Ok(())
}

//! Changes that one person alone does not make (S001-30): asked for, then decided by another approver, or made after seven
//! days without objection.

mod body;
mod concerned;
mod in_organization;
mod on_platform;
mod settle;

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::{Approval, ApprovalId, ApprovalRight, Course, CriticalChange};
use users::UserId;

use crate::context::{Context, account_event, new_id};
use crate::pending_decisions::{DecisionKind, PendingDecision, notify_members};
use crate::problem::{Code, Problem};

pub(crate) use body::ApprovalBody;
pub(crate) use concerned::notify_concerned;
pub(crate) use on_platform::ask_for_invited_role;
pub(crate) use settle::{give_up, settle};

/// Whether a change of the same kind waits for the same person already.
fn is_asked(tx: &mut Tx<'_>, asked: &Approval, now: DateTime<Utc>) -> Result<bool, Problem> {
    let page = persistence::Page { after: None, limit: 50 };
    let known = tx.approvals(asked.org, Some(asked.subject), page)?;
    let pending = |a: &&Approval| a.status(now) == roles::ApprovalStatus::Pending && a.org == asked.org;
    let is_same = |a: &Approval| match (&a.change, &asked.change) {
        (CriticalChange::GrantPlatformRole(one), CriticalChange::GrantPlatformRole(other)) => one == other,
        (one, other) => one.kind() == other.kind(),
    };
    Ok(known.iter().filter(pending).any(is_same))
}

impl<W> Context<'_, '_, W> {
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
        let holders = self.tx.holders(org, ApprovalRight::for_change(&change, org))?;
        let requester = holders.requester(by, self.now);
        let asked = Approval::ask(id, change, subject, org, reason.to_owned(), requester, self.now);
        if is_asked(self.tx, &asked, self.now)? {
            return Err(Problem::new(
                Code::AlreadyExists,
                "The same change waits for a second person already.",
            ));
        }
        self.tx.add_approval(&asked)?;
        self.record_approval("approval_requested", &asked)?;
        notify_if_made_unless_denied(self.tx, &asked, self.now)?;
        if let Some(org) = org {
            let waiting = PendingDecision { kind: DecisionKind::Approval, id: asked.id.0, org: Some(org) };
            notify_members(self.tx, waiting, self.now)?;
        }
        Ok(asked)
    }

    fn record_approval(&mut self, what: &'static str, approval: &Approval) -> Result<(), Problem> {
        let mut event =
            account_event(what, approval.subject, self.head).changed("change", "", approval.change.kind());
        event.org = approval.org;
        event.reason = Some(approval.reason.clone());
        Ok(self.tx.record_account(&event)?)
    }

    pub(crate) fn decide(&mut self, approval: &Approval, is_approved: bool) -> Result<Approval, Problem> {
        let by = self.head.bearer.ok_or_else(Problem::internal)?.user_id;
        let holders = self.tx.holders(approval.org, approval.right())?;
        let decided = approval.decide(by, is_approved, &holders, self.now)?;
        self.tx.save_approval(&decided)?;
        self.record_approval(if is_approved { "approval_given" } else { "approval_denied" }, &decided)?;
        Ok(decided)
    }
}

/// A change that is made unless somebody denies it is made known to everybody who can.
fn notify_if_made_unless_denied(
    tx: &mut Tx<'_>,
    asked: &Approval,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    match asked.course {
        Course::UnlessDenied => notify_concerned(tx, asked, now),
        Course::AtOnce | Course::NeedsApproval => Ok(()),
    }
}

fn gone_meanwhile() -> Problem {
    Problem::new(Code::Conflict, "The person is no longer what the request is about; deny it instead.")
}

fn still_there(problem: Problem) -> Problem {
    if problem.code() == Code::NotFound { gone_meanwhile() } else { problem }
}

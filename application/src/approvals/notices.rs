//! Notices to the holders of a right to approve critical changes: a bounded number per transaction, since other writers
//! wait for it. The rest is handed over to transactions of their own right after this one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use mail::MailKind;
use orgs::OrgId;
use persistence::Tx;
use roles::{Approval, ApprovalId, ApprovalRight, ApprovalStatus};
use users::{Account, EmailAddress, UserId};

use crate::accounts::account_tasks::{AccountTask, HoldersNotice, NoticeTopic};
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Holders notified in one transaction.
pub const NOTICE_BATCH_SIZE: usize = 100;

/// Notifies at most so many of the holders and hands over the rest. Returns how many it has notified.
pub fn notify_holders(
    tx: &mut Tx<'_>,
    notice: &HoldersNotice,
    at_most: usize,
    now: DateTime<Utc>,
) -> Result<usize, Problem> {
    tx.for_platform(|tx| {
        let org = notice.org_id.map(OrgId);
        let Some(about) = NoticeContent::of(tx, notice, now)? else { return Ok(0) };
        let rest: Vec<UserId> = holders(tx, org, now)?
            .into_iter()
            .filter(|holder| {
                !notice.except.contains(&holder.0) && notice.after.is_none_or(|after| holder.0 > after)
            })
            .collect();
        let notified = rest.get(..at_most).unwrap_or(&rest);
        for holder in notified {
            if let Some(account) = tx.account(*holder)? {
                about.mail(&account, org).queue(tx, now)?;
            }
        }
        if notified.len() < rest.len() {
            let after = notified.last().map(|last| last.0).or(notice.after);
            let rest = AccountTask::NotifyHolders(HoldersNotice { after, ..notice.clone() });
            tx.add_account_request(&rest.for_address(about.email()?, String::new()))?;
        }
        Ok(notified.len())
    })
}

/// The accounts that hold any right to approve in an organization or on the platform, or lost it less than seven days
/// ago.
fn holders(tx: &mut Tx<'_>, org: Option<OrgId>, now: DateTime<Utc>) -> Result<BTreeSet<UserId>, Problem> {
    let mut found = BTreeSet::new();
    for right in ApprovalRight::of(org) {
        found.extend(tx.holders(org, right)?.asked(now).map(|holder| holder.user));
    }
    Ok(found)
}

/// What the holders are notified of.
enum NoticeContent {
    /// What became of the vote of one of them, by the address that the organization knows.
    Vote { change: String, email: String },
    /// A change that is made unless somebody denies it, and the address of its subject.
    Change { approval: Box<Approval>, email: String },
}

impl NoticeContent {
    /// `None`: the change is decided meanwhile, and there is nothing to deny.
    fn of(tx: &mut Tx<'_>, notice: &HoldersNotice, now: DateTime<Utc>) -> Result<Option<Self>, Problem> {
        Ok(match &notice.of {
            NoticeTopic::Vote { change, email } => {
                Some(Self::Vote { change: change.clone(), email: email.clone() })
            }
            NoticeTopic::Change { approval_id, email } => {
                let approval = tx.approval_anywhere(ApprovalId(*approval_id))?;
                let pending = approval.filter(|approval| approval.status(now) == ApprovalStatus::Pending);
                pending.map(|approval| Self::Change { approval: Box::new(approval), email: email.clone() })
            }
        })
    }

    fn email(&self) -> Result<EmailAddress, Problem> {
        let (Self::Vote { email, .. } | Self::Change { email, .. }) = self;
        EmailAddress::parse(email).map_err(|_| Problem::internal())
    }

    fn mail(&self, to: &Account, org: Option<OrgId>) -> OutgoingMail {
        match self {
            Self::Vote { change, email } => vote_mail(to, email, org, change),
            Self::Change { approval, email } => {
                let home = org.map(|org| format!("/orgs/{}", org.0)).unwrap_or_default();
                change_mail(to, email, approval, &format!("{home}/approvals/{}", approval.id.0))
            }
        }
    }
}

/// The mail about a vote.
pub(super) fn vote_mail(to: &Account, email: &str, org: Option<OrgId>, change: &str) -> OutgoingMail {
    OutgoingMail::to(to, MailKind::ApproverChanged)
        .from(org)
        .variable("change", change)
        .variable("email", email)
}

/// The mail about a change that is made unless somebody denies it; `page` is the frontend's page on which they can.
pub(super) fn change_mail(to: &Account, email: &str, approval: &Approval, page: &str) -> OutgoingMail {
    OutgoingMail::to(to, MailKind::CriticalChangePending)
        .from(approval.org)
        .variable("change", approval.change.kind())
        .variable("email", email)
        .time("due_on", approval.expires_at)
        .link("link", page)
}

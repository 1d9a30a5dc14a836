//! Notifications about changes that are made unless somebody denies them (S001-30).

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::Approval;

use crate::accounts::account_tasks::{HoldersNotice, NoticeTopic};
use crate::approvals::notices::{NOTICE_BATCH_SIZE, change_mail, notify_holders};
use crate::approvals::votes::shown_email;
use crate::problem::Problem;

/// Notifies the subject and all holders except for the requester: each of them can deny the change.
pub fn notify_concerned(tx: &mut Tx<'_>, approval: &Approval, now: DateTime<Utc>) -> Result<(), Problem> {
    tx.for_platform(|tx| {
        let Some(subject) = tx.account(approval.subject)? else { return Ok(()) };
        let email = shown_email(tx, &subject, approval.org)?;
        if approval.subject != approval.requested_by {
            let page = format!("/account/approvals/{}", approval.id.0);
            change_mail(&subject, &email, approval, &page).queue(tx, now)?;
        }
        let notice = HoldersNotice {
            org_id: approval.org.map(|org| org.0),
            of: NoticeTopic::Change { approval_id: approval.id.0, email },
            except: vec![approval.requested_by.0, approval.subject.0],
            after: None,
        };
        notify_holders(tx, &notice, NOTICE_BATCH_SIZE, now).map(drop)
    })
}

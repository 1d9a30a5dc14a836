//! Notifications about changes that are made unless somebody denies them (S001-30).

use chrono::{DateTime, Utc};
use persistence::Tx;
use roles::Approval;

use crate::accounts::account_tasks::{HoldersNotice, NoticeTopic};
use crate::approvals::notices::{NOTICE_BATCH_SIZE, change_mail, notify_holders};
use crate::approvals::votes::shown_email;
use crate::problem::Problem;

/// Notifies the subject and all holders except for the requester: each of them can deny the change.
pub fn notify_concerned(tx: &mut Tx<'_>, asked: &Approval, now: DateTime<Utc>) -> Result<(), Problem> {
    tx.for_platform(|tx| {
        let Some(subject) = tx.account(asked.subject)? else { return Ok(()) };
        let email = shown_email(tx, &subject, asked.org)?;
        if asked.subject != asked.requested_by {
            let page = format!("/account/approvals/{}", asked.id.0);
            change_mail(&subject, &email, asked, &page).queue(tx, now)?;
        }
        let notice = HoldersNotice {
            org_id: asked.org.map(|org| org.0),
            of: NoticeTopic::Change { approval_id: asked.id.0, email },
            except: vec![asked.requested_by.0, asked.subject.0],
            after: None,
        };
        notify_holders(tx, &notice, NOTICE_BATCH_SIZE, now).map(drop)
    })
}

//! Notifications about changes that are made unless somebody denies them (S001-30).

use chrono::{DateTime, Utc};
use mail::MailKind;
use persistence::Tx;
use roles::Approval;

use crate::approvals::votes::{holders_beside, shown_email};
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Notifies the subject and all holders except for the requester: each of them can deny the change.
pub fn notify_concerned(tx: &mut Tx<'_>, asked: &Approval, now: DateTime<Utc>) -> Result<(), Problem> {
    tx.for_platform(|tx| {
        let Some(subject) = tx.account(asked.subject)? else { return Ok(()) };
        let email = shown_email(tx, &subject, asked.org)?;
        let mut people = holders_beside(tx, asked.org, asked.requested_by, now)?;
        if asked.subject != asked.requested_by {
            people.insert(subject.id, subject);
        }
        let home = asked.org.map(|org| format!("/orgs/{}", org.0)).unwrap_or_default();
        for (user, account) in people {
            let page = match user == asked.subject {
                true => format!("/account/approvals/{}", asked.id.0),
                false => format!("{home}/approvals/{}", asked.id.0),
            };
            OutgoingMail::to(&account, MailKind::CriticalChangePending)
                .from(asked.org)
                .variable("change", asked.change.kind())
                .variable("email", &email)
                .time("due_on", asked.expires_at)
                .link("link", &page)
                .queue(tx, now)?;
        }
        Ok(())
    })
}

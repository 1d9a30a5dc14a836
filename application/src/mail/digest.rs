//! The digest: the mails of a day as one.

use chrono::{DateTime, Utc};
use mail::{DeliveryTiming, MailKind, MailStatus};
use persistence::{DigestFor, NewMail, Tx};

use super::compose::{MUTED, MailContext, obsolete, told};
use super::queue::OutgoingMail;
use super::render::{one_line, subject};
use crate::app::App;
use crate::problem::Problem;

/// Mails in one digest. The rest follows at once in the next digest.
const AT_MOST: i64 = 50;

/// Queues one mail with the mails that wait for the digest. Each is checked again, since preferences may have changed.
pub fn send_digest(
    tx: &mut Tx<'_>,
    app: &App,
    digest: &DigestFor,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let taken = tx.take_for_digest(digest, now, AT_MOST)?;
    let (Some(first), Some(account)) = (taken.first(), tx.account(digest.user)?) else { return Ok(()) };
    let setting = MailContext::of(tx, first)?;
    let preferences = tx.notification_preferences(digest.user)?;
    let mut news = Vec::new();
    for mail in &taken {
        if let Some(why) = obsolete(tx, mail, now)? {
            tx.leave_out_of_digest(mail.id, MailStatus::Suppressed, why)?;
            continue;
        }
        match preferences.wanted(mail.kind, setting.clock(), now) {
            DeliveryTiming::InDigest(_) => match headline(tx, app, mail, &setting)? {
                Some(line) => news.push(line),
                None => {
                    tx.leave_out_of_digest(mail.id, MailStatus::Failed, "its template can't be rendered")?
                }
            },
            DeliveryTiming::Never => tx.leave_out_of_digest(mail.id, MailStatus::Suppressed, MUTED)?,
            DeliveryTiming::Now | DeliveryTiming::Later(_) => tx.give_back_from_digest(mail.id, now)?,
        }
    }
    if !news.is_empty() {
        OutgoingMail::to(&account, MailKind::Digest)
            .from(digest.org)
            .variable("count", news.len().to_string())
            .variable("news", news.join("\n\n"))
            .queue(tx, now)?;
    }
    Ok(())
}

/// Two lines about a mail: its subject, with that of its request, and a link. `None` if its template cannot be
/// rendered.
fn headline(
    tx: &mut Tx<'_>,
    app: &App,
    mail: &NewMail,
    setting: &MailContext,
) -> Result<Option<String>, Problem> {
    let told = told(tx, app, mail, setting, None)?;
    let Ok(subject) = subject(&told.template, &told.variables) else { return Ok(None) };
    let text = |name: &str| told.variables.get(name).map(|text| one_line(text));
    let line = match text("ticket_subject") {
        Some(of) if !of.is_empty() => format!("{subject}: “{of}”"),
        _ => subject,
    };
    Ok(Some(format!("{line}\n{}", text("link").unwrap_or_default())))
}

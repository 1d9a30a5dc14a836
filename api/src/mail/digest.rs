//! The mails of a day as one.

use chrono::{DateTime, Utc};
use mail::MailKind;
use persistence::{NewMail, Tx};
use serde_json::Value;

use super::Letter;
use super::compose::{Setting, pointless, put_into_words};
use crate::app::App;
use crate::problem::Problem;

/// Told in one digest; what is more is told in the next one, at once.
const AT_MOST: i64 = 50;

/// Queues one mail that tells those which have waited for it: to one person, in the name of one organization.
pub(crate) fn tell_together(tx: &mut Tx<'_>, app: &App, now: DateTime<Utc>) -> Result<(), Problem> {
    let Some(first) = tx.mail_for_digest(now)? else { return Ok(()) };
    let mut news = Vec::new();
    for mail in tx.take_for_digest(&first, now, AT_MOST)? {
        match pointless(tx, &mail, now)? {
            Some(why) => tx.leave_out_of_digest(mail.id, why)?,
            None => news.push(headline(tx, app, &mail)?),
        }
    }
    let account = first.user.map(|user| tx.account(user)).transpose()?.flatten();
    if let Some(account) = account.filter(|_| !news.is_empty()) {
        let digest = Letter::to(&account, MailKind::Digest)
            .telling("count", news.len().to_string())
            .telling("news", news.join("\n\n"));
        match first.org {
            Some(org) => digest.from(org),
            None => digest,
        }
        .queue(tx, now)?;
    }
    Ok(())
}

/// What a mail tells in one line, and in the next one where to read more.
fn headline(tx: &mut Tx<'_>, app: &App, mail: &NewMail) -> Result<String, Problem> {
    let setting = Setting::of(tx, mail)?;
    let subject = put_into_words(tx, app, mail, &setting, None)?.subject;
    let page = mail.variables.pointer("/link/path").and_then(Value::as_str).unwrap_or_default();
    Ok(format!("{subject}\n{}{page}", app.public_url))
}

//! Job: sends the mails that are due.

use mail::Delivery;
use persistence::{Scope, TakenMail};
use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::clock::now;
use crate::mail::compose::{Composed, compose};
use crate::mail::transport::Outcome;
use crate::problem::Problem;

/// Starts to send due mails, as many as there are free permits. Returns true if more may be due.
///
/// A mail is leased before it is sent, so that one of several processes sends it. If a process dies between sending a
/// mail and saving the outcome, the mail is sent again with the same `Message-ID`.
pub async fn send_due(app: &App) -> Result<bool, Problem> {
    let places = app.mail_permits.free().await;
    // Shutdown may have begun during the wait for a permit.
    if app.stopping.has_begun() {
        return Ok(false);
    }
    if !app.db.read(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.has_due_mail(now())?)).await? {
        return Ok(false);
    }
    let at_most = i64::try_from(places.len()).unwrap_or(1);
    let taken =
        app.db.write(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.take_mails(now(), at_most)?)).await?;
    let has_taken = !taken.is_empty();
    for (taken, place) in taken.into_iter().zip(places) {
        let (app, running) = (app.clone(), app.stopping.running());
        tokio::task::spawn_local(async move {
            send(app, taken, place).await;
            drop(running);
        });
    }
    Ok(has_taken)
}

/// Sends a mail. Its permit is released after the outcome is saved.
async fn send(app: App, taken: TakenMail, _place: OwnedSemaphorePermit) {
    let delivery = attempt(&app, &taken).await;
    let (id, status) = (taken.mail.id, delivery.status.as_str());
    log::info!("mail.{status} mail={} kind={} attempt={}", id.0, taken.mail.kind.as_str(), delivery.attempts);
    let saved =
        app.db.write(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.save_delivery(&taken, &delivery)?)).await;
    if let Err(problem) = saved {
        log::error!("job.mails mail={} error={problem}", id.0);
    }
}

async fn attempt(app: &App, taken: &TakenMail) -> Delivery {
    let (mail, for_words) = (taken.mail.clone(), app.clone());
    let composed = app.db.read(Scope::PLATFORM, move |tx| compose(tx, &for_words, &mail, now())).await;
    let outcome = match composed {
        Ok(Composed::Ready(written)) => app.mail.send(&taken.mail, *written).await,
        Ok(Composed::Obsolete(why)) => return taken.delivery.suppressed(why),
        Ok(Composed::TooEarly(why, until)) => return taken.delivery.deferred(why, until),
        Ok(Composed::ForDigest(why, at)) => return taken.delivery.queued_for_digest(why, at),
        Err(problem) => Outcome::NotNow(problem.to_string()),
    };
    match outcome {
        Outcome::Sent => taken.delivery.sent(now()),
        Outcome::NotNow(why) => taken.delivery.failed(&why, false, now()),
        Outcome::Refused(why) => taken.delivery.bounced(&why),
        Outcome::Never(why) => taken.delivery.failed(&why, true, now()),
    }
}

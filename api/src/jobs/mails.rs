use std::time::Duration;

use futures_util::future::join_all;
use mail::Delivery;
use persistence::{Scope, TakenMail};

use crate::app::App;
use crate::clock::now;
use crate::mail::{Composed, Outcome, compose};
use crate::problem::Problem;

/// Mails taken in one go, all of them under way together: should a silent server hold up each, they are through before
/// their lease is over, and few wait for that if the process dies.
const AT_ONCE: i64 = 4;
/// What is left to requests between two goes.
const PAUSE: Duration = Duration::from_millis(20);

/// Sends what is due; tells whether there may be more.
///
/// A mail is taken with a lease before it is sent, so that of several processes one sends it. A process that dies after
/// the mail server took the mail and before that is kept sends it again, with the same `Message-ID`.
pub(crate) async fn send_due(app: &App) -> Result<bool, Problem> {
    if !app.db.read(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.has_due_mail(now())?)).await? {
        return Ok(false);
    }
    let taken = app.db.write(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.take_mails(now(), AT_ONCE)?)).await?;
    let is_more = !taken.is_empty();
    join_all(taken.into_iter().map(|taken| send(app, taken))).await;
    actix_web::rt::time::sleep(PAUSE).await;
    Ok(is_more)
}

async fn send(app: &App, taken: TakenMail) {
    let delivery = attempt(app, &taken).await;
    let (id, status) = (taken.mail.id, delivery.status.as_str());
    log::info!("mail.{status} mail={} kind={} attempt={}", id.0, taken.mail.kind.as_str(), delivery.attempts);
    let kept =
        app.db.write(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.save_delivery(&taken, &delivery)?)).await;
    if let Err(problem) = kept {
        log::error!("job.mails mail={} error={problem}", id.0);
    }
}

async fn attempt(app: &App, taken: &TakenMail) -> Delivery {
    let (mail, for_words) = (taken.mail.clone(), app.clone());
    let composed = app.db.read(Scope::PLATFORM, move |tx| compose(tx, &for_words, &mail, now())).await;
    let outcome = match composed {
        Ok(Composed::Ready(written)) => app.mail.send(&taken.mail, *written).await,
        Ok(Composed::Pointless(why)) => return taken.delivery.suppressed(why),
        Ok(Composed::TooEarly(why, until)) => return taken.delivery.put_off(why, until),
        Ok(Composed::ForDigest(why, at)) => return taken.delivery.kept_for_digest(why, at),
        Err(problem) => Outcome::NotNow(problem.to_string()),
    };
    match outcome {
        Outcome::Sent => taken.delivery.sent(now()),
        Outcome::NotNow(why) => taken.delivery.failed(&why, false, now()),
        Outcome::Refused(why) => taken.delivery.bounced(&why),
        Outcome::Never(why) => taken.delivery.failed(&why, true, now()),
    }
}

//! Job: suspensions, deletions, reminders and digests that are due.

use invitations::{InvitationId, REMINDER_DAYS};
use mail::MailKind;
use persistence::{LogEntry, Scope, Tx};

use crate::account_events::system_account_event;
use crate::accounts::deletion::carry_out_deletion;
use crate::app::App;
use crate::clock::{new_id, now};
use crate::invitations::mails::queue_mail;
use crate::mail::digest::send_digest;
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Rows handled in one run.
const AT_MOST: i64 = 50;

/// Handles everything that is due: lifts expired suspensions, carries out deletions, continues purges, reminds of
/// invitations that expire soon, and sends digests.
///
/// Each item has its own transaction, which checks again that it is still due: of several processes, one handles it.
/// Permission checks use the clock and do not depend on this job.
pub async fn do_what_is_due(app: &App) -> Result<(), Problem> {
    let (members, suspended, deleted, purged) = app
        .db
        .read(Scope::PLATFORM, |tx| {
            let members = tx.members_to_lift(now(), AT_MOST)?;
            Ok::<_, Problem>((
                members,
                tx.accounts_to_lift(now(), AT_MOST)?,
                tx.accounts_to_delete(now(), AT_MOST)?,
                tx.accounts_to_purge(AT_MOST)?,
            ))
        })
        .await?;
    let ids = |what: &str, id: uuid::Uuid| format!("{what}={id}");
    for (org, user) in members {
        let done = app.db.write(Scope::PLATFORM, move |tx| lift_member(tx, org, user)).await;
        told(&ids("member", user.0), done);
    }
    for user in suspended {
        let done = app.db.write(Scope::PLATFORM, move |tx| lift_account(tx, user)).await;
        told(&ids("account", user.0), done);
    }
    for user in deleted {
        let done = in_batches(app, move |tx| carry_out_deletion(tx, user)).await;
        told(&ids("deletion", user.0), done);
    }
    for user in purged {
        let done = in_batches(app, move |tx| Ok(tx.continue_purge(user)?)).await;
        told(&ids("purge", user.0), done);
    }
    let soon = now() + chrono::TimeDelta::days(REMINDER_DAYS);
    let ending = app
        .db
        .read(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.invitations_to_remind(now(), soon, AT_MOST)?))
        .await?;
    for id in ending {
        let done = app.db.write(Scope::PLATFORM, move |tx| remind(tx, id)).await;
        told(&ids("invitation", id.0), done);
    }
    let digests =
        app.db.read(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.digests_due(now(), AT_MOST)?)).await?;
    for digest in digests {
        let for_words = app.clone();
        let done = app.db.write(Scope::PLATFORM, move |tx| send_digest(tx, &for_words, &digest, now())).await;
        told(&ids("digest_for", digest.user.0), done);
    }
    Ok(())
}

/// Runs transactions until one reports that nothing is left. Other writers run between two of them.
async fn in_batches(
    app: &App,
    batch: impl Fn(&mut Tx<'_>) -> Result<bool, Problem> + Copy + Send + 'static,
) -> Result<(), Problem> {
    while !app.stopping.is_begun() && app.db.write(Scope::PLATFORM, batch).await? {}
    Ok(())
}

/// Logs a failure, so that the other items continue.
fn told(what: &str, done: Result<(), Problem>) {
    if let Err(problem) = done {
        log::error!("job.due {what} error={problem}");
    }
}

fn remind(tx: &mut Tx<'_>, id: InvitationId) -> Result<(), Problem> {
    let Some((found, _)) = tx.invitation_and_hash(id)? else { return Ok(()) };
    let Some((reminded, is_notified)) = found.invitation.remind(found.inviter_is_active, now()) else {
        return Ok(());
    };
    tx.save_invitation(&reminded, None)?;
    match is_notified {
        true => queue_mail(tx, &reminded, MailKind::InvitationReminder, now()),
        false => Ok(()),
    }
}

fn lift_member(tx: &mut Tx<'_>, org: orgs::OrgId, user: users::UserId) -> Result<(), Problem> {
    tx.enter(org)?;
    let Some(member) = tx.members(org).find(user)? else { return Ok(()) };
    let Some((lifted, event)) = member.membership.lift(now()) else { return Ok(()) };
    tx.members(org).save(&lifted)?;
    tx.record(LogEntry { org, id: new_id(), actor: None, request_id: String::new(), at: now(), event });
    let event_of = persistence::AccountEvent {
        org: Some(org),
        ..system_account_event("member_reactivated", user, None)
    };
    tx.record_account(&event_of)?;
    OutgoingMail::to(&member.account, MailKind::AccountReactivated).from(org).queue(tx, now())?;
    Ok(())
}

fn lift_account(tx: &mut Tx<'_>, user: users::UserId) -> Result<(), Problem> {
    let Some(account) = tx.account(user)? else { return Ok(()) };
    let lifted = account.as_of(now());
    if lifted == account {
        return Ok(());
    }
    tx.save_account(&users::Account { updated_at: now(), ..lifted })?;
    tx.record_account(&system_account_event("account_reactivated", user, None))?;
    OutgoingMail::to(&account, MailKind::AccountReactivated).queue(tx, now())?;
    Ok(())
}

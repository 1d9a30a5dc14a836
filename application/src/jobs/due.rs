//! Job: suspensions, reminders and digests that are due.

use chrono::TimeDelta;
use invitations::{InvitationId, REMINDER_DAYS};
use mail::MailKind;
use orgs::OrgId;
use persistence::{DigestFor, DueMember, LogEntry, Scope, Tx};
use users::{AccountEventKind, UserId};
use uuid::Uuid;

use crate::account_events::system_account_event;
use crate::app::App;
use crate::clock::{new_id, now};
use crate::invitations::mails::queue_mail;
use crate::jobs::rows::{Due, handle_each};
use crate::mail::digest::send_digest;
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Handles everything that is due and takes little time: lifts expired suspensions, reminds of invitations that expire
/// soon, and sends digests. Permission checks use the clock and do not depend on this job.
pub async fn run_due_work(app: &App) -> Result<(), Problem> {
    let members = |tx: &mut Tx<'_>, after, at_most| tx.members_to_lift(now(), after, at_most);
    let lift = async |(_, (org, user)): DueMember| {
        let done = app.db.write(Scope::PLATFORM, move |tx| lift_member(tx, org, user)).await;
        report("member", user.0, done);
    };
    handle_each(app, members, lift).await?;
    let suspended = |tx: &mut Tx<'_>, after, at_most| tx.accounts_to_lift(now(), after, at_most);
    let lift = async |(_, user): Due<UserId>| {
        let done = app.db.write(Scope::PLATFORM, move |tx| lift_account(tx, user)).await;
        report("account", user.0, done);
    };
    handle_each(app, suspended, lift).await?;
    let ending = |tx: &mut Tx<'_>, after, at_most| {
        tx.invitations_to_remind(now(), now() + TimeDelta::days(REMINDER_DAYS), after, at_most)
    };
    let remind = async |(_, id): Due<InvitationId>| {
        let done = app.db.write(Scope::PLATFORM, move |tx| remind(tx, id)).await;
        report("invitation", id.0, done);
    };
    handle_each(app, ending, remind).await?;
    let digests = |tx: &mut Tx<'_>, after: Option<DigestFor>, at_most| {
        tx.digests_due(now(), after.map(|last| last.user), at_most)
    };
    let send = async |digest: DigestFor| {
        let for_words = app.clone();
        let done = app.db.write(Scope::PLATFORM, move |tx| send_digest(tx, &for_words, &digest, now())).await;
        report("digest_for", digest.user.0, done);
    };
    handle_each(app, digests, send).await
}

/// Logs a failure, so that the other items continue.
fn report(what: &str, id: Uuid, done: Result<(), Problem>) {
    if let Err(problem) = done {
        log::error!("job.due {what}={id} error={problem}");
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

fn lift_member(tx: &mut Tx<'_>, org: OrgId, user: UserId) -> Result<(), Problem> {
    tx.enter(org)?;
    let Some(member) = tx.members(org).find(user)? else { return Ok(()) };
    let Some((lifted, event)) = member.membership.lift(now()) else { return Ok(()) };
    tx.members(org).save(&lifted)?;
    tx.record(LogEntry { org, id: new_id(), actor: None, request_id: String::new(), at: now(), event });
    let event = persistence::AccountEvent {
        org: Some(org),
        ..system_account_event(AccountEventKind::MemberReactivated, user, None)
    };
    tx.record_account(&event)?;
    OutgoingMail::to(&member.account, MailKind::AccountReactivated).from(org).queue(tx, now())?;
    Ok(())
}

fn lift_account(tx: &mut Tx<'_>, user: UserId) -> Result<(), Problem> {
    let Some(account) = tx.account(user)? else { return Ok(()) };
    let lifted = account.as_of(now());
    if lifted == account {
        return Ok(());
    }
    tx.save_account(&users::Account { updated_at: now(), ..lifted })?;
    tx.record_account(&system_account_event(AccountEventKind::AccountReactivated, user, None))?;
    OutgoingMail::to(&account, MailKind::AccountReactivated).queue(tx, now())?;
    Ok(())
}

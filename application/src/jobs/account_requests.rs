//! Job: requests that name an address, handled apart from their response, which reveals nothing about the address
//! (decision 9).

use invitations::{Invitation, InvitationId, InvitationStatus};
use mail::{MailKind, MailSecret};
use persistence::{AccountEvent, AccountRequest, Scope, StoreError, Tx};
use users::{
    Account, AccountEventKind, AccountStatus, Consent, EmailAddress, OneTimeToken, PersonName, TokenPurpose,
    UserId,
};

use crate::account_events::system_account_event;
use crate::accounts::account_tasks::{AccountTask, AddressChange, FailedLogIn, Registration};
use crate::accounts::guesses::lock_if_too_many;
use crate::accounts::links::{confirm_again, send_link, send_link_again, waits};
use crate::app::App;
use crate::approvals::notices::{NOTICE_BATCH_SIZE, notify_holders};
use crate::clock::{new_id, now};
use crate::mail::queue::OutgoingMail;
use crate::one_time_links;
use crate::problem::Problem;
use crate::problem_codes::Code;
use crate::tickets::index_requests::index_rest;

/// Handles the oldest request by address. Returns false if there was none.
///
/// Several processes may try the same request. The one that removes it handles it, in the same transaction. A request
/// that cannot be handled is removed unhandled, so that it does not block those behind it.
pub async fn handle_next(app: &App) -> Result<bool, Problem> {
    let oldest = app.db.read(Scope::PLATFORM, |tx| Ok::<_, Problem>(tx.oldest_account_request()?)).await?;
    let Some(request) = oldest else { return Ok(false) };
    let (with, id) = (app.clone(), request.id);
    let handled = app.db.write(Scope::PLATFORM, move |tx| handle(tx, &with, &request)).await;
    match handled {
        Err(problem) if problem.code() != Code::Unavailable => {
            log::error!("job.account_requests request={id} is dropped error={problem}");
            app.db.write(Scope::PLATFORM, move |tx| Ok::<_, Problem>(tx.take_account_request(id)?)).await?;
        }
        other => other?,
    }
    Ok(true)
}

fn handle(tx: &mut Tx<'_>, app: &App, request: &AccountRequest) -> Result<(), Problem> {
    if !tx.take_account_request(request.id)? {
        return Ok(());
    }
    let account = tx.account_by_email(&request.email)?;
    match (AccountTask::of(request)?, account) {
        (AccountTask::IndexRequests(rest), _) => index_rest(tx, &request.email, &rest),
        (AccountTask::NotifyHolders(notice), _) => {
            notify_holders(tx, &notice, NOTICE_BATCH_SIZE, now()).map(drop)
        }
        (AccountTask::Register(sent), None) => register(tx, app, request, &sent),
        (AccountTask::Register(sent), Some(account)) => register_again(tx, app, request, &sent, &account),
        (AccountTask::ResendConfirmation, Some(account)) => confirm_again(tx, app, &account, None),
        (AccountTask::ResetPassword, Some(account)) => reset(tx, app, &account),
        (AccountTask::ChangeAddress(sent), None) => change_address(tx, app, &request.email, &sent),
        (AccountTask::ChangeAddress(_), Some(account)) => notify_owner(tx, &account),
        (AccountTask::RecordFailedLogIn(sent), Some(account)) => record_failure(tx, request, sent, &account),
        (_, None) => Ok(()),
    }
}

fn consents(sent: &Registration) -> impl Iterator<Item = Consent> {
    sent.accepted.iter().map(|(agreement_key, version)| Consent {
        agreement_key: agreement_key.clone(),
        version: *version,
        accepted_at: now(),
    })
}

fn register(
    tx: &mut Tx<'_>,
    app: &App,
    request: &AccountRequest,
    sent: &Registration,
) -> Result<(), Problem> {
    let name = PersonName::parse(&sent.name).map_err(|_| Problem::internal())?;
    let invitation = invitation_named(tx, sent)?;
    let account = Account {
        locale: sent.locale.clone(),
        time_zone: sent.time_zone.clone(),
        invited_at: invitation.as_ref().map(|invitation| invitation.created_at),
        ..Account::pending(UserId(new_id()), request.email.clone(), name, now())
    };
    tx.add_account(&account, Some(&sent.password_hash)).map_err(|e| match e {
        // A concurrent transaction created the account; the next run finds it.
        StoreError::Unique(_) => StoreError::RunAgain,
        other => other,
    })?;
    consents(sent).try_for_each(|consent| tx.add_consent(account.id, &consent))?;
    claim(tx, invitation.as_ref(), account.id)?;
    tx.record_account(&system_account_event(
        AccountEventKind::AccountRegistered,
        account.id,
        Some(&request.address),
    ))?;
    send_link(tx, app, &account, None, TokenPurpose::ConfirmAddress)
}

/// A second registration of an unconfirmed address replaces the first. The use of the link decides which password is
/// effective. If the address is in use, its owner is notified.
fn register_again(
    tx: &mut Tx<'_>,
    app: &App,
    request: &AccountRequest,
    sent: &Registration,
    account: &Account,
) -> Result<(), Problem> {
    let is_registration = tx.password_hash(account.id)?.is_some();
    if account.status != AccountStatus::PendingConfirmation || !is_registration {
        return notify_owner(tx, account);
    }
    let invitation = invitation_named(tx, sent)?;
    claim(tx, invitation.as_ref(), account.id)?;
    let account = &invited_by(tx, account, invitation)?;
    if waits(tx, account, TokenPurpose::ConfirmAddress)? {
        return Ok(());
    }
    let name = PersonName::parse(&sent.name).map_err(|_| Problem::internal())?;
    let account = Account {
        name,
        locale: sent.locale.clone(),
        time_zone: sent.time_zone.clone(),
        updated_at: now(),
        ..account.clone()
    };
    tx.save_account(&account)?;
    tx.save_password_hash(account.id, &sent.password_hash)?;
    tx.remove_consents(account.id)?;
    consents(sent).try_for_each(|consent| tx.add_consent(account.id, &consent))?;
    tx.record_account(&system_account_event(
        AccountEventKind::AccountRegistered,
        account.id,
        Some(&request.address),
    ))?;
    send_link(tx, app, &account, None, TokenPurpose::ConfirmAddress)
}

/// The invitation whose code was sent with a registration, if it is still pending.
fn invitation_named(tx: &mut Tx<'_>, sent: &Registration) -> Result<Option<Invitation>, Problem> {
    let Some(id) = sent.invitation_id else { return Ok(None) };
    let found = tx.invitation_and_hash(InvitationId(id))?.map(|(found, _)| found.invitation);
    Ok(found.filter(|invitation| invitation.status(true, now()) == InvitationStatus::Pending))
}

/// The account, marked as invited.
fn invited_by(
    tx: &mut Tx<'_>,
    account: &Account,
    invitation: Option<Invitation>,
) -> Result<Account, Problem> {
    let Some(invitation) = invitation.filter(|_| account.invited_at.is_none()) else {
        return Ok(account.clone());
    };
    let invited = Account { invited_at: Some(invitation.created_at), ..account.clone() };
    tx.save_account(&invited)?;
    Ok(Account { version: invited.version + 1, ..invited })
}

/// Confirming the address will accept the invitation whose code was sent with the registration.
fn claim(tx: &mut Tx<'_>, invitation: Option<&Invitation>, user: UserId) -> Result<(), Problem> {
    Ok(invitation.map_or(Ok(()), |invitation| tx.claim_invitation(invitation.id, user, now()))?)
}

/// Notifies the owner of an address that somebody tried to create an account with it.
fn notify_owner(tx: &mut Tx<'_>, account: &Account) -> Result<(), Problem> {
    match was_mailed(tx, account, MailKind::AddressKnown)? {
        true => Ok(()),
        false => Ok(OutgoingMail::to(account, MailKind::AddressKnown).queue(tx, now()).map(drop)?),
    }
}

/// Sends a link to the new address. The old address remains in use until the link is used.
fn change_address(
    tx: &mut Tx<'_>,
    app: &App,
    email: &EmailAddress,
    sent: &AddressChange,
) -> Result<(), Problem> {
    let Some(account) = tx.account(UserId(sent.user_id))? else { return Ok(()) };
    // The password that authorized the request may have changed since.
    if sent.account_version != account.version {
        return Ok(());
    }
    let latest = tx.mailed_token_of(account.id, TokenPurpose::ChangeAddress)?;
    if latest.is_some_and(|token| token.is_recent(now()) && token.mailed_to.as_ref() == Some(email)) {
        return Ok(());
    }
    let token = OneTimeToken::issue(new_id(), TokenPurpose::ChangeAddress, Some(account.id), now())
        .mailed_to(email.clone());
    one_time_links::issue(tx, app, &token)?;
    let outgoing = OutgoingMail::to(&account, MailKind::ChangeAddress).at(email.clone());
    outgoing.with(MailSecret::OneTimeToken(token.id)).queue(tx, now())?;
    Ok(())
}

fn reset(tx: &mut Tx<'_>, app: &App, account: &Account) -> Result<(), Problem> {
    match account.as_of(now()).status {
        AccountStatus::Active if !waits(tx, account, TokenPurpose::ResetPassword)? => {
            tx.record_account(&system_account_event(
                AccountEventKind::PasswordResetRequested,
                account.id,
                None,
            ))?;
            send_link(tx, app, account, None, TokenPurpose::ResetPassword)
        }
        // Choosing a password by a link proves the address as well.
        AccountStatus::PendingConfirmation if tx.password_hash(account.id)?.is_some() => {
            send_link_again(tx, app, account, None, TokenPurpose::ResetPassword)
        }
        AccountStatus::PendingConfirmation => confirm_again(tx, app, account, None),
        _ => Ok(()),
    }
}

/// Records a failed log-in in the history of the account, and locks the account after too many (S000-10, S000-11).
fn record_failure(
    tx: &mut Tx<'_>,
    request: &AccountRequest,
    sent: FailedLogIn,
    account: &Account,
) -> Result<(), Problem> {
    tx.record_account(&AccountEvent {
        at: request.created_at,
        reason: Some(sent.cause),
        request_id: sent.request_id,
        user_agent: sent.user_agent,
        ..system_account_event(AccountEventKind::LogInFailed, account.id, Some(&request.address))
    })?;
    let address = request.address.parse().map_err(|_| Problem::internal())?;
    lock_if_too_many(tx, account, address)
}

fn was_mailed(tx: &mut Tx<'_>, account: &Account, kind: MailKind) -> Result<bool, Problem> {
    let page = persistence::Page { after: None, limit: 20 };
    let pause = chrono::TimeDelta::minutes(OneTimeToken::PAUSE_MINUTES);
    let lately = tx.mails_to(account.id, None, false, page)?;
    Ok(lately.iter().any(|mail| mail.kind == kind && now() - mail.created_at < pause))
}

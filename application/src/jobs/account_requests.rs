//! Job: requests that name an address, handled apart from their answer, which tells nothing about the address (decision 9).

use invitations::{Invitation, InvitationId, InvitationStatus};
use mail::{MailKind, MailSecret};
use persistence::{AccountEvent, AccountRequest, AccountRequestKind, Scope, StoreError, Tx};
use serde_json::Value;
use users::{Account, AccountStatus, Consent, OneTimeToken, PersonName, TokenPurpose, UserId};

use crate::accounts::guesses as throttle;
use crate::accounts::links::{confirm_again, send_link, send_link_again, waits};
use crate::app::App;
use crate::clock::{new_id, now};
use crate::context::system_account_event;
use crate::mail::queue::OutgoingMail;
use crate::one_time_links as one_time;
use crate::problem::Problem;
use crate::problem_codes::Code;
use crate::tickets::index_requests::index_rest;

/// Handles the oldest request by address; tells whether there was one.
///
/// Several processes may try the same one; who takes it away first handles it, in that very transaction. One that can't be
/// handled at all is taken away unhandled, so that those behind it get their turn.
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
    match (request.kind, account) {
        (AccountRequestKind::IndexRequests, _) => index_rest(tx, &request.email, &request.payload),
        (AccountRequestKind::Register, None) => register(tx, app, request),
        (AccountRequestKind::Register, Some(account)) => register_again(tx, app, request, &account),
        (AccountRequestKind::ResendConfirmation, Some(account)) => confirm_again(tx, app, &account, None),
        (AccountRequestKind::ResetPassword, Some(account)) => reset(tx, app, &account),
        (AccountRequestKind::ChangeAddress, None) => change_address(tx, app, request),
        (AccountRequestKind::ChangeAddress, Some(account)) => notify_owner(tx, &account),
        (AccountRequestKind::NoteFailedLogIn, Some(account)) => record_failure(tx, request, &account),
        (_, None) => Ok(()),
    }
}

/// What came with a request.
struct Sent<'a>(&'a Value);

impl Sent<'_> {
    fn text(&self, name: &str) -> Result<String, Problem> {
        self.0.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(Problem::internal)
    }

    fn consents(&self) -> impl Iterator<Item = Consent> {
        let all = self.0.get("accepted").and_then(Value::as_array).into_iter().flatten();
        all.filter_map(|pair| {
            let agreement_key = pair.get(0)?.as_str()?.to_owned();
            let version = i32::try_from(pair.get(1)?.as_i64()?).ok()?;
            Some(Consent { agreement_key, version, accepted_at: now() })
        })
    }
}

fn register(tx: &mut Tx<'_>, app: &App, request: &AccountRequest) -> Result<(), Problem> {
    let sent = Sent(&request.payload);
    let name = PersonName::parse(&sent.text("name")?).map_err(|_| Problem::internal())?;
    let invitation = invitation_named(tx, &sent)?;
    let account = Account {
        locale: sent.text("locale")?,
        time_zone: sent.text("time_zone")?,
        invited_at: invitation.as_ref().map(|invitation| invitation.created_at),
        ..Account::pending(UserId(new_id()), request.email.clone(), name, now())
    };
    tx.add_account(&account, Some(&sent.text("password_hash")?)).map_err(|e| match e {
        // Somebody else made it meanwhile; the next try finds it.
        StoreError::Unique(_) => StoreError::RunAgain,
        other => other,
    })?;
    sent.consents().try_for_each(|consent| tx.add_consent(account.id, &consent))?;
    claim(tx, invitation.as_ref(), account.id)?;
    tx.record_account(&system_account_event("account_registered", account.id, Some(&request.address)))?;
    send_link(tx, app, &account, None, TokenPurpose::ConfirmAddress)
}

/// A second registration of an address that nobody confirmed takes the place of the first: whose password counts is
/// settled when the link is used with it. Of an address that is in use its owner is told.
fn register_again(
    tx: &mut Tx<'_>,
    app: &App,
    request: &AccountRequest,
    account: &Account,
) -> Result<(), Problem> {
    let is_registration = tx.password_hash(account.id)?.is_some();
    if account.status != AccountStatus::PendingConfirmation || !is_registration {
        return notify_owner(tx, account);
    }
    let sent = Sent(&request.payload);
    let invitation = invitation_named(tx, &sent)?;
    claim(tx, invitation.as_ref(), account.id)?;
    let account = &invited_by(tx, account, invitation)?;
    if waits(tx, account, TokenPurpose::ConfirmAddress)? {
        return Ok(());
    }
    let name = PersonName::parse(&sent.text("name")?).map_err(|_| Problem::internal())?;
    let account = Account {
        name,
        locale: sent.text("locale")?,
        time_zone: sent.text("time_zone")?,
        updated_at: now(),
        ..account.clone()
    };
    tx.save_account(&account)?;
    tx.save_password_hash(account.id, &sent.text("password_hash")?)?;
    tx.remove_consents(account.id)?;
    sent.consents().try_for_each(|consent| tx.add_consent(account.id, &consent))?;
    tx.record_account(&system_account_event("account_registered", account.id, Some(&request.address)))?;
    send_link(tx, app, &account, None, TokenPurpose::ConfirmAddress)
}

/// The invitation whose code came with a registration, if it still waits.
fn invitation_named(tx: &mut Tx<'_>, sent: &Sent<'_>) -> Result<Option<Invitation>, Problem> {
    let Ok(id) = sent.text("invitation_id") else { return Ok(None) };
    let id = InvitationId(id.parse().map_err(|_| Problem::internal())?);
    let found = tx.invitation_and_hash(id)?.map(|(found, _)| found.invitation);
    Ok(found.filter(|invitation| invitation.status(true, now()) == InvitationStatus::Pending))
}

/// The account, of which it is known from now on that its owner was asked in.
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

/// Whoever registered with the code of an invitation accepts it by confirming the address.
fn claim(tx: &mut Tx<'_>, invitation: Option<&Invitation>, user: UserId) -> Result<(), Problem> {
    Ok(invitation.map_or(Ok(()), |invitation| tx.claim_invitation(invitation.id, user, now()))?)
}

/// Tells the owner of an address that somebody tried to use it for an account.
fn notify_owner(tx: &mut Tx<'_>, account: &Account) -> Result<(), Problem> {
    match was_mailed(tx, account, MailKind::AddressKnown)? {
        true => Ok(()),
        false => Ok(OutgoingMail::to(account, MailKind::AddressKnown).queue(tx, now()).map(drop)?),
    }
}

/// A link to the new address; the old one goes on working until it is used.
fn change_address(tx: &mut Tx<'_>, app: &App, request: &AccountRequest) -> Result<(), Problem> {
    let sent = Sent(&request.payload);
    let user = sent.text("user_id")?.parse().map_err(|_| Problem::internal())?;
    let Some(account) = tx.account(UserId(user))? else { return Ok(()) };
    // Asked for with a password that may not count any more.
    if sent.0.get("account_version").and_then(Value::as_i64) != Some(account.version) {
        return Ok(());
    }
    let latest = tx.mailed_token_of(account.id, TokenPurpose::ChangeAddress)?;
    if latest.is_some_and(|token| token.is_recent(now()) && token.mailed_to.as_ref() == Some(&request.email))
    {
        return Ok(());
    }
    let token = OneTimeToken::issue(new_id(), TokenPurpose::ChangeAddress, Some(account.id), now())
        .mailed_to(request.email.clone());
    one_time::issue(tx, app, &token)?;
    let outgoing = OutgoingMail::to(&account, MailKind::ChangeAddress).at(request.email.clone());
    outgoing.with(MailSecret::OneTimeToken(token.id)).queue(tx, now())?;
    Ok(())
}

fn reset(tx: &mut Tx<'_>, app: &App, account: &Account) -> Result<(), Problem> {
    match account.as_of(now()).status {
        AccountStatus::Active if !waits(tx, account, TokenPurpose::ResetPassword)? => {
            tx.record_account(&system_account_event("password_reset_requested", account.id, None))?;
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

/// Writes a failed log-in into the history of the account, and locks it after too many (S000-10, S000-11).
fn record_failure(tx: &mut Tx<'_>, request: &AccountRequest, account: &Account) -> Result<(), Problem> {
    let sent = Sent(&request.payload);
    tx.record_account(&AccountEvent {
        at: request.created_at,
        reason: Some(sent.text("cause")?),
        request_id: sent.text("request_id")?,
        user_agent: sent.text("user_agent").ok(),
        ..system_account_event("log_in_failed", account.id, Some(&request.address))
    })?;
    let address = request.address.parse().map_err(|_| Problem::internal())?;
    throttle::lock_if_too_many(tx, account, address)
}

fn was_mailed(tx: &mut Tx<'_>, account: &Account, kind: MailKind) -> Result<bool, Problem> {
    let page = persistence::Page { after: None, limit: 20 };
    let pause = chrono::TimeDelta::minutes(OneTimeToken::PAUSE_MINUTES);
    let lately = tx.mails_to(account.id, None, false, page)?;
    Ok(lately.iter().any(|mail| mail.kind == kind && now() - mail.created_at < pause))
}

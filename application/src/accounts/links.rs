//! Links that open an account: issued and mailed.

use mail::{MailKind, MailSecret};
use orgs::OrgId;
use persistence::Tx;
use users::{Account, AccountStatus, OneTimeToken, TokenPurpose};

use crate::app::App;
use crate::clock::{new_id, now};
use crate::mail::queue::OutgoingMail;
use crate::one_time_links;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Sends a pending account its link again: to confirm the address, or to choose the first password.
pub fn confirm_again(
    tx: &mut Tx<'_>,
    app: &App,
    account: &Account,
    org: Option<OrgId>,
) -> Result<(), Problem> {
    if account.status != AccountStatus::PendingConfirmation {
        return Ok(());
    }
    let purpose = purpose_of_confirming(tx, account)?;
    send_link_again(tx, app, account, org, purpose)
}

/// The step that is pending: confirming the address, or choosing the first password.
pub(super) fn purpose_of_confirming(tx: &mut Tx<'_>, account: &Account) -> Result<TokenPurpose, Problem> {
    Ok(match tx.password_hash(account.id)? {
        Some(_) => TokenPurpose::ConfirmAddress,
        None => TokenPurpose::SetUpAccount,
    })
}

/// Whether a link of this purpose was sent too recently to send another one.
pub fn waits(tx: &mut Tx<'_>, account: &Account, purpose: TokenPurpose) -> Result<bool, Problem> {
    Ok(tx.mailed_token_of(account.id, purpose)?.is_some_and(|token| token.is_recent(now())))
}

/// Requires that no link of this purpose was sent within the cooldown.
pub fn require_cooldown(tx: &mut Tx<'_>, account: &Account, purpose: TokenPurpose) -> Result<(), Problem> {
    if !waits(tx, account, purpose)? {
        return Ok(());
    }
    let seconds = u64::try_from(OneTimeToken::PAUSE_MINUTES * 60).unwrap_or(60);
    Err(Problem::new(Code::TooManyAttempts, "A link was sent a moment ago; wait, then send another.")
        .with_retry_after(seconds))
}

/// Sends a new link, unless the last one is within the cooldown.
pub fn send_link_again(
    tx: &mut Tx<'_>,
    app: &App,
    account: &Account,
    org: Option<OrgId>,
    purpose: TokenPurpose,
) -> Result<(), Problem> {
    if waits(tx, account, purpose)? { Ok(()) } else { send_link(tx, app, account, org, purpose) }
}

/// Issues a new token of this purpose, which replaces older ones, and queues the mail with its link.
pub fn send_link(
    tx: &mut Tx<'_>,
    app: &App,
    account: &Account,
    org: Option<OrgId>,
    purpose: TokenPurpose,
) -> Result<(), Problem> {
    let token =
        OneTimeToken::issue(new_id(), purpose, Some(account.id), now()).mailed_to(account.email.clone());
    let token = match (purpose, &account.deletion) {
        (TokenPurpose::CancelDeletion, Some(deletion)) => token.until(deletion.due_at),
        _ => token,
    };
    one_time_links::issue(tx, app, &token)?;
    let outgoing = match purpose {
        TokenPurpose::SetUpAccount => OutgoingMail::to(account, MailKind::NewAccount),
        TokenPurpose::ConfirmAddress => OutgoingMail::to(account, MailKind::ConfirmAddress),
        TokenPurpose::ResetPassword => OutgoingMail::to(account, MailKind::ResetPassword),
        TokenPurpose::ChangeAddress => OutgoingMail::to(account, MailKind::ChangeAddress),
        TokenPurpose::ProveAddress => OutgoingMail::to(account, MailKind::ProveAddress),
        TokenPurpose::CancelDeletion => {
            OutgoingMail::to(account, MailKind::DeletionScheduled).time("due_on", token.expires_at)
        }
    };
    outgoing
        .from(org)
        .variable("email", account.email.as_str())
        .with(MailSecret::OneTimeToken(token.id))
        .queue(tx, now())?;
    Ok(())
}

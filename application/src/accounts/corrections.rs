//! Corrections of an account by staff, and the effects of a new name, address or time zone.

use mail::{MailKind, MailSecret};
use persistence::Tx;
use roles::TakeoverAct;
use users::{Account, AccountEventKind, AccountStatus, EmailAddress, OneTimeToken, PersonName, TokenPurpose};

use super::links::purpose_of_confirming;
use super::log_in_help::mail_link;
use super::managed_account::{ManagedAccount, managed_account_event, save_managed_account};
use crate::approvals::votes::record_takeover;
use crate::clock::now;
use crate::context::{Context, new_id};
use crate::one_time_links;
use crate::problem::{Fault, Problem};
use crate::problem_codes::Code;
use crate::tickets::index_requests::index_requests;

/// Propagates a new name and address to the search index of all requests that the person filed. Propagates a new
/// address and time zone to their queued mails.
pub fn propagate_account_changes(tx: &mut Tx<'_>, before: &Account, after: &Account) -> Result<(), Problem> {
    if before.email != after.email || before.time_zone != after.time_zone {
        tx.reschedule_queued_mails(after, now())?;
    }
    if before.name == after.name && before.email == after.email {
        return Ok(());
    }
    let orgs = tx.orgs_of(after.id)?;
    index_requests(tx, after, &orgs)
}

/// A correction of an account by staff.
pub struct Correction {
    /// The new name. None: no change.
    pub name: Option<PersonName>,
    /// The new address. None: no change.
    pub email: Option<EmailAddress>,
    /// The new preferred language, a BCP 47 tag. None: no change.
    pub locale: Option<String>,
    /// The IANA name of the new time zone. None: no change.
    pub time_zone: Option<String>,
    /// The reason, for the account's history.
    pub reason: String,
}

/// Corrects an account (S001-22, S001-23, S000-8). The input is read once it is clear that the caller may correct it at all. `may_redirect`: whether the caller may move an active account to
/// another address.
pub fn correct_account<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    read: impl FnOnce() -> Result<Correction, Problem>,
    may_redirect: bool,
) -> Result<ManagedAccount, Problem> {
    managed.authority.may_modify()?;
    let before = &managed.account;
    if before.is_tombstone() {
        return Err(Problem::new(Code::InvalidTransition, "The account is deleted."));
    }
    let correction = read()?;
    let mut after = Account {
        name: correction.name.unwrap_or_else(|| before.name.clone()),
        locale: correction.locale.unwrap_or_else(|| before.locale.clone()),
        time_zone: correction.time_zone.unwrap_or_else(|| before.time_zone.clone()),
        updated_at: ctx.now,
        ..before.clone()
    };
    if let Some(email) = correction.email {
        correct_address(ctx, managed, &mut after, email, may_redirect)?;
    }
    let event =
        managed_account_event(ctx, AccountEventKind::ProfileCorrected, managed, Some(&correction.reason))
            .changed("name", before.name.as_str(), after.name.as_str())
            .changed("email", before.email.as_str(), after.email.as_str())
            .changed("locale", &before.locale, &after.locale)
            .changed("time_zone", &before.time_zone, &after.time_zone);
    let kept = save_managed_account(ctx, managed, after, &event)?;
    propagate_account_changes(ctx.tx, before, &kept.account)?;
    Ok(kept)
}

fn correct_address<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    after: &mut Account,
    email: EmailAddress,
    may_redirect: bool,
) -> Result<(), Problem> {
    if email == after.email {
        return Ok(());
    }
    // A caller who moves an active account to another address can take it over. Checked first, so that callers
    // without this right learn nothing about other addresses.
    if after.status != AccountStatus::PendingConfirmation && !may_redirect {
        return Err(Problem::new(
            Code::Forbidden,
            "Changing the address of an active account also requires the right to set temporary passwords.",
        ));
    }
    if ctx.tx.account_by_email(&email)?.is_some() {
        let fault = Fault::at("#/email", "already_exists", "Another account has this address.");
        return Err(
            Problem::new(Code::AlreadyExists, "Another account has this address.").with_errors(vec![fault])
        );
    }
    record_takeover(ctx, managed, TakeoverAct::CorrectAddress)?;
    if after.status == AccountStatus::PendingConfirmation {
        *after = after.at_unproved_address(email, ctx.now);
        let purpose = purpose_of_confirming(ctx.tx, after)?;
        // Links in the old mailbox must stop working.
        ctx.tx.remove_one_time_tokens(Some(after.id), TokenPurpose::ResetPassword)?;
        let pending = after.clone();
        return mail_link(ctx, managed, &pending, purpose);
    }
    let token = OneTimeToken::issue(new_id(), TokenPurpose::ChangeAddress, Some(after.id), ctx.now);
    let token = token.mailed_to(email.clone());
    one_time_links::issue(ctx.tx, ctx.app, &token)?;
    let outgoing = managed.outgoing_mail(MailKind::ChangeAddress).at(email.clone());
    outgoing.with(MailSecret::OneTimeToken(token.id)).queue(ctx.tx, ctx.now)?;
    managed
        .outgoing_mail(MailKind::AddressChangeRequested)
        .variable("new_address", email.as_str())
        .queue(ctx.tx, ctx.now)?;
    let asked = managed_account_event(ctx, AccountEventKind::AddressChangeRequested, managed, None);
    Ok(ctx.tx.record_account(&asked.changed("email", managed.account.email.as_str(), email.as_str()))?)
}

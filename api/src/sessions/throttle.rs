//! Failed log-ins, counted in the database: of one account, known or not, and from one address (S003-30).

use std::net::IpAddr;

use mail::MailKind;
use persistence::{Scope, Tx};
use users::{Account, Failures, THROTTLE_WINDOW, UserId, wait_after_failures};

use crate::app::App;
use crate::clock::{new_id, now};
use crate::keys::hash_of;
use crate::mail::Letter;
use crate::problem::{Code, Problem};
use crate::work::happened_apart;

/// The key under which failures of an account are counted; it tells nothing of the address.
pub(crate) fn key_of(email: &str) -> String {
    hash_of(&email.to_ascii_lowercase())
}

/// The key under which guesses at the second factor of an account are counted: apart from passwords, so that neither a new
/// password nor a new address is a way to go on guessing.
pub(crate) fn code_key_of(user: UserId) -> String {
    hash_of(&format!("second factor of {}", user.0))
}

/// Goes on only if neither what is counted under the key nor the address has to wait.
pub(crate) fn look(tx: &mut Tx<'_>, key: &str, address: Option<IpAddr>) -> Result<(), Problem> {
    let now = now();
    let from = address.map(|a| a.to_string()).unwrap_or_default();
    let (of_account, of_address) = tx.login_failures(key, &from, now - THROTTLE_WINDOW)?;
    let of_address = if address.is_some() { of_address } else { Failures::NONE };
    match wait_after_failures(of_account, of_address, now) {
        None => Ok(()),
        Some(wait) => {
            let seconds = u64::try_from(wait.num_seconds() + 1).unwrap_or(1);
            Err(Problem::new(Code::TooManyAttempts, "Too many failed attempts; wait, then try again.")
                .with_retry_after(seconds))
        }
    }
}

/// The same in a transaction of its own.
pub(crate) async fn require_patience(app: &App, email: &str, address: Option<IpAddr>) -> Result<(), Problem> {
    let key = key_of(email);
    app.db.read(Scope::PLATFORM, move |tx| look(tx, &key, address)).await
}

/// Marks an account that has to wait from now on as locked, and tells its owner (S000-11).
pub(crate) fn lock_if_too_many(
    tx: &mut Tx<'_>,
    account: &Account,
    from: Option<&str>,
) -> Result<(), Problem> {
    let now = now();
    let mut longest = None;
    for key in [key_of(account.email.as_str()), code_key_of(account.id)] {
        let (of_account, _) = tx.login_failures(&key, "", now - THROTTLE_WINDOW)?;
        longest = longest.max(wait_after_failures(of_account, Failures::NONE, now));
    }
    let Some(wait) = longest else { return Ok(()) };
    let (locked, is_news) = account.lock(wait, now);
    tx.save_account(&locked)?;
    if !is_news {
        return Ok(());
    }
    tx.record_account(&happened_apart("account_locked", account.id, from))?;
    if account.as_of(now).may_log_in() {
        Letter::to(account, MailKind::AccountLocked)
            .telling_when("locked_until", now + wait)
            .queue(tx, now)?;
    }
    Ok(())
}

/// Counts a wrong password of somebody who is logged in.
pub(crate) async fn count_failure(app: &App, user: UserId) -> Result<(), Problem> {
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let account = tx.account(user)?.ok_or_else(Problem::internal)?;
            tx.add_login_failure(new_id(), &key_of(account.email.as_str()), "", now())?;
            lock_if_too_many(tx, &account, None)
        })
        .await
}

//! Guesses at a code, counted before they are judged: neither many at once nor a caller who goes away pass the throttle.

use std::net::IpAddr;

use persistence::{Scope, Tx};
use users::UserId;
use uuid::Uuid;

use crate::app::App;
use crate::clock::{new_id, now};
use crate::problem::{Code, Problem};
use crate::sessions::throttle::{code_key_of, lock_if_too_many, look};

/// A guess that was counted.
#[derive(Clone, Copy)]
pub(crate) struct Guess(Uuid);

/// Counts a guess, unless the account or the address has to wait.
pub(crate) async fn count(app: &App, user: UserId, from: Option<IpAddr>) -> Result<Guess, Problem> {
    let id = new_id();
    let count = move |tx: &mut Tx<'_>| {
        let key = code_key_of(user);
        tx.lock_account(user)?;
        look(tx, &key, from)?;
        let address = from.map(|address| address.to_string()).unwrap_or_default();
        Ok::<_, Problem>(tx.add_login_failure(id, &key, &address, now())?)
    };
    app.db.write(Scope::PLATFORM, count).await?;
    Ok(Guess(id))
}

impl Guess {
    /// It was right, so it was no guess.
    pub(crate) fn was_right(self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        Ok(tx.remove_login_failure(self.0)?)
    }
}

/// Tells the owner if a wrong guess made the account wait.
pub(super) async fn judged<T>(app: &App, user: UserId, outcome: Result<T, Problem>) -> Result<T, Problem> {
    if outcome.as_ref().err().is_some_and(|problem| problem.code() == Code::RuleViolated) {
        let lock = move |tx: &mut Tx<'_>| {
            let account = tx.account(user)?.ok_or_else(Problem::internal)?;
            lock_if_too_many(tx, &account, None)
        };
        app.db.write(Scope::PLATFORM, lock).await?;
    }
    outcome
}

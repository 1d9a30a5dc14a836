//! Guesses at a code, counted before they are judged: neither many at once nor a caller who goes away pass the throttle.

use std::net::IpAddr;

use persistence::{Scope, Tx};
use users::UserId;

use crate::app::App;
use crate::problem::{Code, Problem};
use crate::sessions::throttle::{Guess, Source, Target, lock_if_too_many};

/// Saves a guess, unless the account or the network has to wait.
pub(crate) async fn reserve(app: &App, user: UserId, source: Source) -> Result<Guess, Problem> {
    let reserve = move |tx: &mut Tx<'_>| Guess::reserve(tx, Target::second_factor(user), source);
    app.db.write(Scope::PLATFORM, reserve).await
}

/// Counts a wrong guess, and notifies the owner if it made the account wait.
pub(super) async fn judged<T>(
    app: &App,
    (user, address, guess): (UserId, IpAddr, Guess),
    outcome: Result<T, Problem>,
) -> Result<T, Problem> {
    if outcome.as_ref().err().is_some_and(|problem| problem.code() == Code::RuleViolated) {
        let count = move |tx: &mut Tx<'_>| {
            guess.failed(tx)?;
            let account = tx.account(user)?.ok_or_else(Problem::internal)?;
            lock_if_too_many(tx, &account, address)
        };
        app.db.write(Scope::PLATFORM, count).await?;
    }
    outcome
}

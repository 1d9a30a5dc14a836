//! Guesses at a code, counted before they are judged: neither many at once nor a caller who goes away pass the throttle.

use std::net::IpAddr;

use persistence::{Scope, Tx};
use users::UserId;

use crate::app::App;
use crate::problem::{Code, Problem};
use crate::sessions::throttle::{Guess, Source, Target, lock_if_too_many};

/// Saves a guess, unless the account or the network has to wait.
pub(crate) async fn reserve(app: &App, user: UserId, source: Source) -> Result<Guess, Problem> {
    app.guesses.save(&app.db, move |tx| Guess::reserve(tx, &Target::second_factor(user), source)).await
}

/// Counts a wrong guess, and notifies the owner if it made the account wait. One that was not judged is not counted.
pub(super) async fn judged<T>(
    app: &App,
    (user, address, guess): (UserId, IpAddr, Guess),
    outcome: Result<T, Problem>,
) -> Result<T, Problem> {
    let Err(refusal) = &outcome else { return outcome };
    if refusal.code() == Code::RuleViolated {
        let count = move |tx: &mut Tx<'_>| {
            guess.failed(tx)?;
            let account = tx.account(user)?.ok_or_else(Problem::internal)?;
            lock_if_too_many(tx, &account, address)
        };
        app.db.write(Scope::PLATFORM, count).await?;
    } else {
        app.db.write(Scope::PLATFORM, move |tx| guess.withdraw(tx)).await?;
    }
    outcome
}

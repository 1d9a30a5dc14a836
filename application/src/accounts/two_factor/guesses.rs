//! Guesses at a code, counted before they are checked: neither parallel requests nor aborted ones bypass the throttle.

use std::net::IpAddr;

use persistence::{Scope, Tx};
use users::UserId;

use crate::accounts::guesses::{Guess, Source, Target, lock_if_too_many};
use crate::app::App;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Saves a guess, unless the account or the network is throttled.
pub async fn reserve(app: &App, user: UserId, source: Source) -> Result<Guess, Problem> {
    app.guesses.save(&app.db, move |tx| Guess::reserve(tx, &Target::second_factor(user), source)).await
}

/// Records a wrong guess, and notifies the owner if it locked the account. `refusal`: why the code was not accepted.
/// A code that was refused for another reason than being wrong is not counted.
pub async fn settle(
    app: &App,
    (user, address, guess): (UserId, IpAddr, Guess),
    refusal: Option<&Problem>,
) -> Result<(), Problem> {
    let Some(refusal) = refusal else { return Ok(()) };
    if refusal.code() != Code::RuleViolated {
        return app.db.write(Scope::PLATFORM, move |tx| guess.withdraw(tx)).await;
    }
    let count = move |tx: &mut Tx<'_>| {
        guess.failed(tx)?;
        let account = tx.account(user)?.ok_or_else(Problem::internal)?;
        lock_if_too_many(tx, &account, address)
    };
    app.db.write(Scope::PLATFORM, count).await
}

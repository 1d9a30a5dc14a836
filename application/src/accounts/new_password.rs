//! Checks and effects that every change of a password shares.

use crate::origin::Origin;
use persistence::{Scope, Tx};
use users::{Account, TokenPurpose, UserId};

use super::guesses::{Guess, Source, Target, lock_if_too_many};
use crate::app::App;
use crate::problem::{Fault, Problem};
use crate::problem_codes::Code;

/// The person's data that a password must not contain.
pub fn words_of(account: &Account) -> Vec<String> {
    account.name.as_str().split_whitespace().chain([account.email.local_part()]).map(str::to_owned).collect()
}

/// Removes links that a person with the old password may have requested.
pub fn forget_links(tx: &mut Tx<'_>, user: UserId) -> Result<(), Problem> {
    tx.remove_one_time_tokens(Some(user), TokenPurpose::ResetPassword)?;
    Ok(tx.remove_one_time_tokens(Some(user), TokenPurpose::ChangeAddress)?)
}

/// Requires the caller's current password. Wrong ones count as failed log-ins, so that a stolen session cannot bypass
/// the throttle.
pub async fn require_current(
    app: &App,
    origin: &Origin,
    password: &str,
    pointer: &str,
) -> Result<Account, Problem> {
    let (user, address) = (origin.actor()?, origin.client_address());
    let place = app.passwords.enter()?;
    let save = move |tx: &mut Tx<'_>| {
        let account = tx.account(user)?.ok_or_else(Problem::internal)?;
        let target = Target::password(account.email.as_str(), user);
        let guess = Guess::reserve(tx, &target, Source::Session(address))?;
        Ok((account, tx.password_hash(user)?, guess))
    };
    let (account, saved, guess) = app.guesses.save(&app.db, save).await?;
    if place.check(password.to_owned(), saved).await?.is_right {
        app.db.write(Scope::PLATFORM, move |tx| guess.withdraw(tx)).await?;
        return Ok(account);
    }
    let count = move |tx: &mut Tx<'_>| {
        guess.failed(tx)?;
        let account = tx.account(user)?.ok_or_else(Problem::internal)?;
        lock_if_too_many(tx, &account, address)
    };
    app.db.write(Scope::PLATFORM, count).await?;
    Err(Problem::new(Code::RuleViolated, "The password is wrong.").with_errors(vec![Fault::at(
        pointer,
        "rule_violated",
        "This is not the current password.",
    )]))
}

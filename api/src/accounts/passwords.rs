use persistence::{Scope, Tx};
use users::{Account, TokenPurpose, UserId};

use crate::app::App;
use crate::problem::{Code, Fault, Problem};

/// What of a person must not be in his password.
pub(super) fn words_of(account: &Account) -> Vec<String> {
    account.name.as_str().split_whitespace().chain([account.email.local_part()]).map(str::to_owned).collect()
}

/// Kills the links that whoever knew the old password may have asked for.
pub(super) fn forget_links(tx: &mut Tx<'_>, user: UserId) -> Result<(), Problem> {
    tx.remove_one_time_tokens(Some(user), TokenPurpose::ResetPassword)?;
    Ok(tx.remove_one_time_tokens(Some(user), TokenPurpose::ChangeAddress)?)
}

/// Goes on only if this is the account's password. Wrong ones count as failed log-ins do, so that a stolen session is no
/// way around the throttle.
pub(crate) async fn require_current(
    app: &App,
    user: UserId,
    password: &str,
    pointer: &str,
) -> Result<Account, Problem> {
    let scope = Scope::of(user);
    let (account, kept) =
        app.db.read(scope, move |tx| Ok::<_, Problem>((tx.account(user)?, tx.password_hash(user)?))).await?;
    let account = account.ok_or_else(Problem::internal)?;
    crate::sessions::throttle::require_patience(app, account.email.as_str(), None).await?;
    if app.passwords.check(password.to_owned(), kept).await?.is_right {
        return Ok(account);
    }
    crate::sessions::throttle::count_failure(app, user).await?;
    Err(Problem::new(Code::RuleViolated, "The password is wrong.").with_errors(vec![Fault::at(
        pointer,
        "rule_violated",
        "This is not the current password.",
    )]))
}

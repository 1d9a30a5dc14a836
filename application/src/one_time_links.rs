//! One-time tokens: issued, saved as a hash, and redeemed once.

use persistence::Tx;
use users::{OneTimeToken, TokenPurpose};

use crate::app::App;
use crate::clock::now;
use crate::keys::{Secret, hash_of};
use crate::problem::Problem;
use crate::problem_codes::Code;

/// Saves a token, and returns the code for its holder.
pub fn issue(tx: &mut Tx<'_>, app: &App, token: &OneTimeToken) -> Result<String, Problem> {
    let code = app.keys.code(Secret::OneTimeToken, token.id)?;
    tx.add_one_time_token(token, &hash_of(&code))?;
    Ok(code)
}

/// The token with this code, if it still works.
pub fn find(tx: &mut Tx<'_>, code: &str, purpose: TokenPurpose) -> Result<OneTimeToken, Problem> {
    let token = tx.one_time_token(&hash_of(code), purpose)?.ok_or_else(gone)?;
    token.redeem(now()).map_err(|_| gone())?;
    Ok(token)
}

/// Redeems the token. Of two concurrent attempts, one finds it gone.
pub fn spend(tx: &mut Tx<'_>, token: &OneTimeToken) -> Result<(), Problem> {
    let spent = token.redeem(now()).map_err(|_| gone())?;
    Ok(tx.spend_one_time_token(&spent)?)
}

/// The link to the page on which the code is used. Browsers do not send the part after `#` to the server.
pub fn link(public_url: &str, purpose: TokenPurpose, code: &str) -> String {
    let page = match purpose {
        TokenPurpose::SetUpAccount => "pages/account-setup",
        TokenPurpose::ConfirmAddress => "confirm-address",
        TokenPurpose::ResetPassword => "pages/reset-password",
        TokenPurpose::ChangeAddress => "confirm-new-address",
        TokenPurpose::CancelDeletion => "keep-account",
        TokenPurpose::ProveAddress => "prove-address",
    };
    format!("{public_url}/{page}#token={code}")
}

/// The same response for every reason why a token does not work.
pub fn gone() -> Problem {
    Problem::new(Code::Gone, "The link was used, has expired, or was replaced by a newer one.")
}

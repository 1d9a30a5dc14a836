//! The one-time token that creates the owner of an empty platform.

use persistence::Scope;
use users::{OneTimeToken, TokenPurpose};

use crate::app::App;
use crate::clock::{new_id, now};
use crate::one_time_links;
use crate::problem::Problem;

/// Issues a token for the owner of a platform without one. Older tokens stop working.
pub async fn issue(app: &App) -> Result<Option<String>, Problem> {
    let with = app.clone();
    app.db
        .write(Scope::PLATFORM, move |tx| {
            if tx.has_platform_owner()? {
                return Ok(None);
            }
            let token = OneTimeToken::issue(new_id(), TokenPurpose::SetUpAccount, None, now());
            one_time_links::issue(tx, &with, &token).map(Some)
        })
        .await
}

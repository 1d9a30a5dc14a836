use invitations::{AccountSetup, SetupFor};
use persistence::Scope;

use crate::app::App;
use crate::clock::{new_secret, now};
use crate::keys::hash_of;
use crate::problem::Problem;

/// A one-time token for the owner of an installation that has none; older ones stop working.
pub(crate) async fn issue(app: &App) -> Result<Option<String>, Problem> {
    let token = new_secret().map_err(|_| Problem::internal())?;
    let hash = hash_of(&token);
    let is_wanted = app
        .db
        .write(Scope { is_platform: true, ..Scope::default() }, move |tx| {
            if tx.has_platform_owner()? {
                return Ok::<_, Problem>(false);
            }
            tx.add_account_setup(&AccountSetup::issue(SetupFor::PlatformOwner, now()), &hash)?;
            Ok(true)
        })
        .await?;
    Ok(is_wanted.then_some(token))
}

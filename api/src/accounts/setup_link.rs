use chrono::{DateTime, Utc};
use invitations::{AccountSetup, SetupFor};
use persistence::Tx;
use serde::Serialize;
use users::UserId;
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::new_secret;
use crate::keys::hash_of;
use crate::problem::Problem;
use crate::words::instant;

/// A one-time link with which a person chooses the password of a new account. Shown only here; hand it over safely.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct SetupLink {
    /// The link for the person; its fragment holds the token.
    url: String,
    /// The token for `complete_account_setup`.
    token: String,
    /// When it stops working: 24 hours after it was made.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
}

impl SetupLink {
    /// Makes a link for an account that waits for its owner.
    pub(crate) fn issue(
        tx: &mut Tx<'_>,
        app: &App,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let token = new_secret().map_err(|_| Problem::internal())?;
        let setup = AccountSetup::issue(SetupFor::Account(user), now);
        tx.add_account_setup(&setup, &hash_of(&token))?;
        Ok(Self {
            url: format!("{}/account-setup#token={token}", app.public_url),
            token,
            expires_at: instant(setup.expires_at),
        })
    }
}

use chrono::{DateTime, Utc};
use mail::{MailKind, MailSecret};
use orgs::OrgId;
use persistence::Tx;
use serde::Serialize;
use users::{Account, OneTimeToken, TokenPurpose};
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::new_id;
use crate::mail::Letter;
use crate::one_time;
use crate::problem::Problem;
use crate::words::instant;

/// A one-time link with which a person chooses the password of a new account. Shown only here, and mailed to the person.
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
    /// Makes a link for an account that waits for its owner, and mails it.
    pub(crate) fn issue(
        tx: &mut Tx<'_>,
        app: &App,
        account: &Account,
        org: OrgId,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let setup = OneTimeToken::issue(new_id(), TokenPurpose::SetUpAccount, Some(account.id), now);
        let token = one_time::issue(tx, app, &setup)?;
        Letter::to(account, MailKind::NewAccount)
            .from(org)
            .telling("email", account.email.as_str())
            .with(MailSecret::OneTimeToken(setup.id))
            .queue(tx, now)?;
        Ok(Self {
            url: format!("{}/pages/account-setup#token={token}", app.public_url),
            token,
            expires_at: instant(setup.expires_at),
        })
    }
}

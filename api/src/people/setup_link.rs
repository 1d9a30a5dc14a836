//! The link to set up an account, shown to staff who hand it over by other means than mail.

use roles::TakeoverAct;
use serde::Serialize;
use users::{AccountStatus, OneTimeToken, TokenPurpose};
use utoipa::ToSchema;

use super::managed_account::ManagedAccount;
use crate::clock::new_id;
use crate::context::Context;
use crate::one_time;
use crate::problem::{Code, Problem};
use crate::words::instant;

/// A one-time link with which a person chooses the password of a new account. It proves nothing about the address.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "url": "https://help.sunrise.example/pages/account-setup#token=q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y",
    "token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "expires_at": "2026-11-23T09:15:00.000000Z"
}))]
pub(crate) struct SetupLink {
    /// The link for the person; its fragment holds the token.
    url: String,
    /// The token for `complete_account_setup`.
    token: String,
    /// When it stops working: 24 hours after it was made.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
}

impl<W> Context<'_, '_, W> {
    /// Makes a link to hand over, for an account that nobody has taken over yet. The mailed link works on beside it; a
    /// link that was handed over before stops working. That staff fetched it is recorded.
    pub(crate) fn hand_over_setup_link(
        &mut self,
        managed: &ManagedAccount,
        reason: &str,
    ) -> Result<SetupLink, Problem> {
        managed.authority.may_assist()?;
        if managed.account.status != AccountStatus::PendingConfirmation
            || self.tx.password_hash(managed.account.id)?.is_some()
        {
            return Err(Problem::new(Code::InvalidTransition, "The account does not wait to be set up."));
        }
        self.record_takeover(managed, TakeoverAct::FetchSetupLink)?;
        let id = Some(managed.account.id);
        let token = OneTimeToken::issue(new_id(), TokenPurpose::SetUpAccount, id, self.now);
        let code = one_time::issue(self.tx, self.app, &token)?;
        let event = self.event_of("setup_link_fetched", managed, Some(reason));
        self.tx.record_account(&event)?;
        Ok(SetupLink {
            url: one_time::link(&self.app.public_url, token.purpose, &code),
            token: code,
            expires_at: instant(token.expires_at),
        })
    }
}

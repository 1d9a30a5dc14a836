//! The link to set up an account, shown to staff who hand it over by other means than mail.

use chrono::{DateTime, Utc};
use roles::TakeoverAct;
use users::{AccountStatus, OneTimeToken, TokenPurpose};

use super::managed_account::{ManagedAccount, managed_account_event};
use crate::approvals::votes::record_takeover;
use crate::clock::new_id;
use crate::context::Context;
use crate::one_time_links as one_time;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// A link to hand over, and the token in it.
pub struct HandedOverLink {
    /// The link; its fragment holds the token.
    pub url: String,
    /// The token for `complete_account_setup`.
    pub token: String,
    /// When it stops working: 24 hours after it was made.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link to hand over, for an account that nobody has taken over yet. The mailed link works on beside it; a
/// link that was handed over before stops working. That staff fetched it is recorded.
pub fn hand_over_setup_link<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<HandedOverLink, Problem> {
    managed.authority.may_assist()?;
    if managed.account.status != AccountStatus::PendingConfirmation
        || ctx.tx.password_hash(managed.account.id)?.is_some()
    {
        return Err(Problem::new(Code::InvalidTransition, "The account does not wait to be set up."));
    }
    record_takeover(ctx, managed, TakeoverAct::FetchSetupLink)?;
    let id = Some(managed.account.id);
    let token = OneTimeToken::issue(new_id(), TokenPurpose::SetUpAccount, id, ctx.now);
    let code = one_time::issue(ctx.tx, ctx.app, &token)?;
    let event = managed_account_event(ctx, "setup_link_fetched", managed, Some(reason));
    ctx.tx.record_account(&event)?;
    Ok(HandedOverLink {
        url: one_time::link(&ctx.app.public_url, token.purpose, &code),
        token: code,
        expires_at: token.expires_at,
    })
}

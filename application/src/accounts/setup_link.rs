//! The link to set up an account, shown to staff who hand it over by other means than mail.

use chrono::{DateTime, Utc};
use roles::TakeoverAct;
use users::{AccountEventKind, AccountStatus, OneTimeToken, TokenPurpose};

use super::managed_account::{ManagedAccount, managed_account_event};
use crate::approvals::votes::record_takeover;
use crate::clock::new_id;
use crate::context::Context;
use crate::one_time_links;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// A link to hand over, with the token that it contains.
pub struct IssuedSetupLink {
    /// The URL. Its fragment contains the token.
    pub url: String,
    /// The token for `complete_account_setup`.
    pub token: String,
    /// When the link expires: 24 hours after it was issued.
    pub expires_at: DateTime<Utc>,
}

/// Issues a link to hand over, for an account that is not set up yet. The mailed link still works; a link that was
/// handed over before stops working. Records that staff fetched it.
pub fn issue_setup_link<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    reason: &str,
) -> Result<IssuedSetupLink, Problem> {
    managed.authority.may_assist()?;
    if managed.account.status != AccountStatus::PendingConfirmation
        || ctx.tx.password_hash(managed.account.id)?.is_some()
    {
        return Err(Problem::new(Code::InvalidTransition, "The account is not pending set-up."));
    }
    record_takeover(ctx, managed, TakeoverAct::FetchSetupLink)?;
    let id = Some(managed.account.id);
    let token = OneTimeToken::issue(new_id(), TokenPurpose::SetUpAccount, id, ctx.now);
    let code = one_time_links::issue(ctx.tx, ctx.app, &token)?;
    let event = managed_account_event(ctx, AccountEventKind::SetupLinkFetched, managed, Some(reason));
    ctx.tx.record_account(&event)?;
    Ok(IssuedSetupLink {
        url: one_time_links::link(&ctx.app.public_url, token.purpose, &code),
        token: code,
        expires_at: token.expires_at,
    })
}

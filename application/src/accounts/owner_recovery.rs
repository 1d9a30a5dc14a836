//! Recovery of a lost owner by the operator of the server: a link into the account, announced to everybody concerned.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::OrgId;
use persistence::{AccountEvent, Tx};
use roles::TakeoverAct;
use users::{Account, AccountEventKind, OneTimeToken, TokenPurpose};

use crate::account_events::system_account_event;
use crate::accounts::two_factor::reset::switch_off_two_factor;
use crate::approvals::votes::notify_operator_entry;
use crate::clock::{new_id, new_secret};
use crate::keys::hash_of;
use crate::problem::Problem;

/// The operator's request.
#[derive(Clone)]
pub struct OwnerRecovery {
    /// The organization that the account owns. None: the platform.
    pub org: Option<OrgId>,
    /// The reason, for the account's history: 1 to 500 characters.
    pub reason: String,
    /// Whether to reset two-factor log-in, for an owner who lost the device.
    pub resets_two_factor: bool,
}

/// A link to hand over, with the effects of issuing it.
pub struct RecoveryLink {
    /// The token, with its purpose and expiry.
    pub token: OneTimeToken,
    /// The token's code. Only its hash is saved.
    pub code: String,
    /// Whether two-factor log-in was on and has been reset.
    pub two_factor_is_reset: bool,
}

/// Issues a link for an owner, and invalidates a link handed over before for the same purpose. The address is no
/// longer proved and the account's votes are suspended, since any holder of the link can enter. Notifies the account
/// at its address, and the other holders of its rights.
pub fn make_recovery_link(
    tx: &mut Tx<'_>,
    account: &Account,
    purpose: TokenPurpose,
    wanted: &OwnerRecovery,
    now: DateTime<Utc>,
) -> Result<RecoveryLink, Problem> {
    let event = |kind| AccountEvent {
        org: wanted.org,
        reason: Some(wanted.reason.clone()),
        ..system_account_event(kind, account.id, None)
    };
    let two_factor_is_reset = wanted.resets_two_factor && switch_off_two_factor(tx, account, now)?;
    if two_factor_is_reset {
        tx.record_account(&event(AccountEventKind::TwoFactorReset))?;
    }
    let address = account.proved_address().cloned();
    tx.add_takeover(new_id(), account.id, TakeoverAct::RecoverOwner, BTreeSet::new(), address, now)?;
    tx.save_account(&Account { updated_at: now, ..account.without_proof(now) })?;
    let token = OneTimeToken::issue(new_id(), purpose, Some(account.id), now);
    // The code need not be derived, because no mail contains it: the signing key may be on another machine.
    let code = new_secret().map_err(|_| Problem::internal())?;
    tx.add_one_time_token(&token, &hash_of(&code))?;
    tx.record_account(&event(AccountEventKind::OwnerRecoveryLinkCreated))?;
    notify_operator_entry(tx, account, now)?;
    Ok(RecoveryLink { token, code, two_factor_is_reset })
}

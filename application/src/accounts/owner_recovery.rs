//! What the operator of the server does for a lost owner: a link into the account, known to everybody concerned.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::OrgId;
use persistence::{AccountEvent, Tx};
use roles::TakeoverAct;
use users::{Account, OneTimeToken, TokenPurpose};

use crate::accounts::two_factor::reset::switch_off_two_factor;
use crate::approvals::votes::notify_operator_entry;
use crate::clock::{new_id, new_secret};
use crate::context::system_account_event;
use crate::keys::hash_of;
use crate::problem::Problem;

/// What the operator wants for an account.
#[derive(Clone)]
pub struct OwnerRecovery {
    /// The organization that the account owns; `None`: the platform.
    pub org: Option<OrgId>,
    /// Why, for the account's history: 1 to 500 characters.
    pub reason: String,
    /// Whether the owner lost the device, too.
    pub resets_two_factor: bool,
}

/// A link to hand over.
pub struct RecoveryLink {
    /// The token, with its purpose and its end.
    pub token: OneTimeToken,
    /// The token's code; only its hash is saved.
    pub code: String,
    /// Whether two-factor log-in was on, and is off now.
    pub two_factor_is_reset: bool,
}

/// Makes a link for an owner; one that was handed over before for the same purpose stops working. The address is no longer
/// proved and no vote of the account is effective, since whoever holds the link can enter. The account is notified at its
/// address, and so are the other holders of its rights.
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
        tx.record_account(&event("two_factor_reset"))?;
    }
    let address = account.proved_address().cloned();
    tx.add_takeover(new_id(), account.id, TakeoverAct::RecoverOwner, BTreeSet::new(), address, now)?;
    tx.save_account(&Account { updated_at: now, ..account.without_proof(now) })?;
    let token = OneTimeToken::issue(new_id(), purpose, Some(account.id), now);
    // No mail carries it, so it need not be derived: the signing key may be on another machine.
    let code = new_secret().map_err(|_| Problem::internal())?;
    tx.add_one_time_token(&token, &hash_of(&code))?;
    tx.record_account(&event("owner_recovery_link_made"))?;
    notify_operator_entry(tx, account, now)?;
    Ok(RecoveryLink { token, code, two_factor_is_reset })
}

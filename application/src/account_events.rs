//! Events for the history of an account.

use persistence::AccountEvent;
use users::{AccountEventKind, UserId};

use crate::clock::new_id;
use crate::origin::Origin;

/// An act of the caller on an account, for its history.
pub fn account_event(kind: AccountEventKind, user: UserId, origin: &Origin) -> AccountEvent {
    AccountEvent {
        actor: origin.user,
        address: origin.address.map(|address| address.to_string()),
        user_agent: origin.user_agent.clone(),
        request_id: origin.request_id.clone(),
        ..system_account_event(kind, user, None)
    }
}

/// An event of an account that no logged-in request caused.
pub fn system_account_event(kind: AccountEventKind, user: UserId, address: Option<&str>) -> AccountEvent {
    AccountEvent {
        id: new_id(),
        user,
        org: None,
        kind,
        actor: None,
        at: crate::clock::now(),
        request_id: String::new(),
        address: address.map(str::to_owned),
        user_agent: None,
        reason: None,
        changes: Vec::new(),
    }
}

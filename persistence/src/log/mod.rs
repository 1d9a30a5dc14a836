//! The logs: what happened in organizations and to accounts.

pub(crate) mod account_events;
pub(crate) mod events;

//! Accounts, their sessions and their credentials.

pub(crate) mod account_requests;
pub(crate) mod agreements;
pub(crate) mod callers;
pub(crate) mod known_networks;
pub(crate) mod log_in_attempts;
pub(crate) mod one_time_tokens;
pub(crate) mod platform;
pub(crate) mod profiles;
pub(crate) mod purge;
pub(crate) mod sessions;
pub(crate) mod two_factors;
pub(crate) mod user_directory;
pub(crate) mod users;

//! Operations on an account: by its owner, by staff who manage it, and by the operator.

pub mod account_tasks;
pub mod after_link;
pub mod confirmation;
pub mod corrections;
pub mod deletion;
pub mod guess_queue;
pub mod guesses;
pub mod links;
pub mod log_in_help;
pub mod managed_account;
pub mod new_password;
pub mod owner_recovery;
pub mod setup_link;
pub mod two_factor;

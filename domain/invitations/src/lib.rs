//! How people come in: the one-time link with which somebody takes over an account that was made for him.

mod account_setup;

pub use account_setup::{AccountSetup, SetupFor, SetupRefused};

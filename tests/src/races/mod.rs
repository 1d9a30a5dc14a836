//! Concurrency, and what outlives the process: on both databases.
#![cfg(test)]

mod account_requests;
mod attachments;
mod backup;
pub(crate) mod concurrently;
mod durability;
mod idempotency;
mod invitations;
mod jobs;
mod last_holder;
mod numbers;
mod owners;
mod preferences;
mod processes;
mod status;
mod stopping;
mod tokens;
mod transfers;
mod uploads;
mod versions;
mod writer;

//! Bad input and abuse: each gets its problem, and leaves nothing behind.
#![cfg(test)]

mod answers;
mod bodies;
mod browsers;
mod connections;
mod cursors;
mod enumeration;
mod escape;
mod file_names;
mod files;
mod forge;
mod guesses;
mod heads;
mod identifiers;
mod limits;
mod log;
mod log_in;
mod mass_assignment;
mod multipart;
mod places;
mod private_files;
mod proxies;
mod query;
mod readiness;
mod routes;
mod set_up;
mod sizes;
mod slow;
mod start;
pub(crate) mod stock;
mod targets;
mod texts;
mod timing;
mod tokens;
mod unprivileged;
pub(crate) mod wire;
mod words;

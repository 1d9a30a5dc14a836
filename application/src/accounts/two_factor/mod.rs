//! Two-factor log-in: codes of a device (RFC 6238) and recovery codes.

pub mod codes;
pub mod guesses;
pub mod presented_factor;
pub mod reset;

//! Notifications that more than one operation sends.

pub mod pending_decisions;

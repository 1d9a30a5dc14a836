//! Who is notified of what, beside the mail of a single operation.

pub mod pending_decisions;

//! Mail: queued in the transaction that causes it, composed when it is sent.

pub mod compose;
pub mod digest;
pub mod queue;
pub mod render;
pub mod shipped;
pub mod transport;
pub mod when;

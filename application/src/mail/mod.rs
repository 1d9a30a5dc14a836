//! Mail: written into the queue in the transaction of its cause, put into words when it is sent.

pub mod compose;
pub mod digest;
pub mod queue;
pub mod render;
pub mod shipped;
pub mod transport;
pub mod when;

//! Mail: written into the queue in the transaction of its cause, put into words when it is sent.

mod compose;
mod digest;
mod queue;
mod render;
mod shipped;
mod transport;
mod when;

pub(crate) use compose::{Composed, compose};
pub(crate) use digest::send_digest;
pub(crate) use queue::OutgoingMail;
pub(crate) use render::preview;
pub(crate) use shipped::shipped;
pub(crate) use transport::{Outcome, Transport};

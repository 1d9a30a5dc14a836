//! Maps each domain refusal to a problem: one `From` per enum, so that the compiler finds unmapped variants.

mod invitations;
mod roles;
pub mod tickets;
mod users;

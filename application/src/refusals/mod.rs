//! Which problem each refusal of a domain rule is: one `From` per enum, so that the compiler finds the unmapped variant.

mod invitations;
mod roles;
pub mod tickets;
mod users;

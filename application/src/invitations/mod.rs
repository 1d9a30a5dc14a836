//! Invitations: opened by their code, mailed, and compared with the resulting membership.

pub mod code;
pub mod follow_up;
pub mod mails;

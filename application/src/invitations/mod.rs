//! Invitations: opened by their code, mailed, and compared with what came of them.

pub mod code;
pub mod follow_up;
pub mod mails;

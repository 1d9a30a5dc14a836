//! Changes of tickets and their files, for operations and jobs.

pub mod change;
pub mod index_requests;
pub mod notices;
pub mod stored_files;
pub mod system_tickets;

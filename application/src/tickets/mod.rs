//! What changes tickets and their files, for operations and jobs alike.

pub mod change;
pub mod index_requests;
pub mod notices;
pub mod stored_files;
pub mod system_tickets;

//! The use cases of Steward. They are independent of HTTP: operations, jobs and the operator's commands call the same
//! functions.

pub mod accounts;
pub mod app;
pub mod approvals;
pub mod bearer;
pub mod clock;
pub mod context;
pub mod disk;
pub mod files;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod mail;
pub mod members;
pub mod notifications;
pub mod one_time_links;
pub mod origin;
pub mod passwords;
pub mod private_files;
pub mod problem;
pub mod problem_codes;
pub mod refusals;
pub mod stopping;
pub mod tickets;

//! Tickets, their messages and files, and how they are found.

pub(crate) mod attachments;
pub(crate) mod categories;
pub(crate) mod data_counts;
pub(crate) mod filed_requests;
pub(crate) mod messages;
pub(crate) mod read_markers;
pub(crate) mod search;
pub(crate) mod ticket;
pub(crate) mod ticket_approval;
pub(crate) mod ticket_filter;
pub(crate) mod ticket_history;
pub(crate) mod ticket_scans;
pub(crate) mod unattached_files;
pub(crate) mod uploaders;

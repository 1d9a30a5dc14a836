//! The requirement lines, each a test with its id in the name.

mod accounts;
mod attachments;
mod categories;
mod conversation;
mod filing;
mod follow_ups;
mod history;
mod idempotency;
mod kit;
mod lists;
mod members;
mod notes;
mod organizations;
mod paging;
mod preconditions;
mod search;
mod sessions;
mod staff;
mod status;
mod visibility;

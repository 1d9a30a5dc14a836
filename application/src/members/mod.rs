//! Memberships: who joins, changes and leaves, and view-as sessions.

pub mod membership_changes;
pub mod view_as;

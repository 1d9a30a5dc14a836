//! Memberships: joining, changing and leaving, and view-as sessions.

pub mod membership_changes;
pub mod view_as;

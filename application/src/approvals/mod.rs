//! Critical changes and the votes on them (S001-30).

pub mod announcements;
pub mod critical;
pub mod notices;
pub mod votes;

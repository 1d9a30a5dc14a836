//! Data about people that staff read, and the log of these accesses.

pub(crate) mod diagnosis;
pub(crate) mod permissions;
pub(crate) mod profile;
pub(crate) mod profile_body;
pub(crate) mod reading;
pub(crate) mod records;

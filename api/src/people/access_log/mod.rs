//! What staff are shown of a person, and who was shown it.

pub(crate) mod diagnosis;
pub(crate) mod permissions;
pub(crate) mod profile;
pub(crate) mod profile_body;
pub(crate) mod reading;
pub(crate) mod records;

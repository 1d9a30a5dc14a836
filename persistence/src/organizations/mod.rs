//! Organizations, their locations and roles.

pub(crate) mod locations;
pub(crate) mod orgs;
pub(crate) mod roles;

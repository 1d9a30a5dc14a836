//! Critical changes, and who may approve them.

pub(crate) mod announcements;
pub(crate) mod approval;
pub(crate) mod approvers;
pub(crate) mod deciders;
pub(crate) mod takeovers;

//! Invitations, and requests to join.

pub(crate) mod invitation_list;
pub(crate) mod invitations;
pub(crate) mod invited_roles;
pub(crate) mod inviters;
pub(crate) mod membership_requests;

//! Memberships: who belongs to an organization, with which rights.

pub(crate) mod effective_memberships;
pub(crate) mod member_list;
pub(crate) mod memberships;
pub(crate) mod memberships_of;
pub(crate) mod owners;
pub(crate) mod permission_requests;
pub(crate) mod shown_identity;
pub(crate) mod shown_member;

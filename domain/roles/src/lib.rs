//! Permissions, roles and what they grant, memberships, and the [`Actor`] that every rule checks.

mod account_authority;
mod actor;
mod approval;
mod change_membership;
mod change_role;
mod critical_change;
mod grant_platform_role;
mod guest;
mod join_refused;
mod log_in;
mod log_in_diagnosis;
mod membership;
mod membership_refused;
mod membership_request;
mod owner_recovery;
mod permission;
mod permission_request;
mod platform;
mod role;
mod shown_member;
mod suspend_member;
mod ticket_openers;
mod transfer;
mod unclaimed_identity;
mod view_as;
mod votes;

#[cfg(test)]
mod properties;

pub use crate::critical_change::CriticalChange;
pub use crate::grant_platform_role::PlatformRoleRefused;
pub use crate::guest::is_guest;
pub use crate::join_refused::AlreadyMember;
pub use crate::join_refused::JOIN_COOLDOWN_DAYS;
pub use crate::join_refused::JoinRefused;
pub use crate::join_refused::require_may_join;
pub use crate::membership_refused::MembershipRefused;
pub use crate::shown_member::ShownMember;
pub use account_authority::{AccountAuthority, AccountAuthorityRefused, AccountRelations};
pub use actor::{Actor, BeyondReach, Forbidden};
pub use approval::APPROVAL_DAYS;
pub use approval::Approval;
pub use approval::ApprovalId;
pub use approval::ApprovalRefused;
pub use approval::ApprovalStatus;
pub use approval::Verdict;
pub use change_membership::MembershipChange;
pub use change_membership::end_membership;
pub use change_membership::may_handle_invitation;
pub use change_membership::may_invite;
pub use change_membership::remove_member;
pub use change_role::RoleChangeRefused;
pub use log_in::{LogInObstacle, MembershipState, log_in_obstacle};
pub use log_in_diagnosis::{Check, CheckKind, Fix, LogInEvidence, diagnose_log_in};
pub use membership::{Membership, TicketReach};
pub use membership_request::Admission;
pub use membership_request::Appeal;
pub use membership_request::MembershipDecision;
pub use membership_request::MembershipRequest;
pub use membership_request::MembershipRequestId;
pub use membership_request::MembershipRequestStatus;
pub use membership_request::default_roles;
pub use owner_recovery::{OwnerRecoveryRefused, Ownership, recover_owner};
pub use permission::Permission;
pub use permission_request::{
    PermissionDecision, PermissionRequest, PermissionRequestId, PermissionRequestRefused, Requested, Review,
};
pub use platform::{PlatformPermission, PlatformRole};
pub use role::{Role, RoleKey, SeededRole};
pub use ticket_openers::opens_at_once;
pub use transfer::{Transfer, TransferRefused, transfer};
pub use unclaimed_identity::AddressUnproved;
pub use unclaimed_identity::UnclaimedIdentity;
pub use unclaimed_identity::may_claim;
pub use unclaimed_identity::require_proved;
pub use view_as::{ViewRefused, require_viewable};
pub use votes::{
    ApprovalRight, Endorsement, EndorsementRefused, Holder, Holders, Requester, Takeover, TakeoverAct,
    TakesEffect, VOTE_DAYS, Vote, responsible_for,
};

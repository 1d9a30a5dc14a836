//! Permissions, roles and what they grant, memberships, and the [`Actor`] that every rule checks.

mod account_authority;
mod actor;
mod approval;
mod change_membership;
mod change_role;
mod introduction;
mod log_in;
mod log_in_diagnosis;
mod membership;
mod membership_request;
mod owner_recovery;
mod permission;
mod permission_request;
mod platform;
mod role;
mod suspend_member;
mod ticket_openers;
mod view_as;
mod votes;

#[cfg(test)]
mod properties;

pub use account_authority::{AccountAuthority, AccountAuthorityRefused, AccountRelations};
pub use actor::{Actor, BeyondReach, Forbidden};
pub use approval::{
    APPROVAL_DAYS, Approval, ApprovalId, ApprovalRefused, ApprovalStatus, CriticalChange, Verdict,
};
pub use change_membership::{
    BelongsAlready, MembershipChange, MembershipRefused, end_membership, may_invite, may_join, remove_member,
};
pub use change_role::RoleChangeRefused;
pub use introduction::{AddressUnproved, Introduction, Known, may_claim, require_proved};
pub use log_in::{LogInObstacle, Standing, log_in_obstacle};
pub use log_in_diagnosis::{Check, CheckKind, Fix, LogInEvidence, diagnose_log_in};
pub use membership::{Membership, TicketReach};
pub use membership_request::{
    ASK_AGAIN_DAYS, Admission, Appeal, JoinRefused, MembershipDecision, MembershipRequest,
    MembershipRequestId, MembershipRequestStatus, default_roles,
};
pub use owner_recovery::{OwnerRecoveryRefused, Ownership, recover_owner};
pub use permission::Permission;
pub use permission_request::{
    PermissionDecision, PermissionRequest, PermissionRequestId, PermissionRequestRefused, Review, Wanted,
};
pub use platform::{PlatformPermission, PlatformRole};
pub use role::{Role, RoleKey, SeededRole};
pub use ticket_openers::{is_guest, opens_at_once};
pub use view_as::{ViewRefused, require_viewable};
pub use votes::{
    ApprovalRight, Course, Endorsement, EndorsementRefused, Holder, Holders, Requester, Takeover,
    TakeoverAct, VOTE_DAYS, Vote, responsible_for,
};

use std::collections::BTreeSet;

use users::DeletionRequest;

use crate::{PlatformPermission, PlatformRole, RoleKey};

/// A change that requires a second approver (S001-30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CriticalChange {
    /// An account is scheduled for deletion.
    DeleteAccount(DeletionRequest),
    /// An owner gets other roles, without `owner` among them.
    DemoteOwner(BTreeSet<RoleKey>),
    /// An owner's membership ends.
    RemoveOwner,
    /// A user gets a platform role.
    GrantPlatformRole(PlatformRole),
    /// A platform owner loses that role.
    RemovePlatformOwner,
}

impl CriticalChange {
    /// Its kind: the identifier in storage and in the API.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DeleteAccount(_) => "delete_account",
            Self::DemoteOwner(_) => "demote_owner",
            Self::RemoveOwner => "remove_owner",
            Self::GrantPlatformRole(_) => "grant_platform_role",
            Self::RemovePlatformOwner => "remove_platform_owner",
        }
    }

    /// The platform permission that its approvers hold.
    pub fn platform_permission(&self) -> PlatformPermission {
        match self {
            Self::GrantPlatformRole(_) | Self::RemovePlatformOwner => PlatformPermission::GrantPlatformRoles,
            _ => PlatformPermission::DeleteUsers,
        }
    }
}

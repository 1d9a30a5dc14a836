use orgs::OrgId;

use crate::{Actor, CriticalChange, Permission, PlatformPermission};

/// A right to approve critical changes. Each has its own holders, and each holder has a vote (S001-30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApprovalRight {
    /// Approve that the account of a member is deleted.
    DeleteMemberAccounts,
    /// Approve that an owner of an organization is demoted or removed.
    ChangeOwners,
    /// Approve that an account of the platform is deleted.
    DeleteUsers,
    /// Approve that a platform role is granted, or a platform owner removed.
    GrantPlatformRoles,
}

impl ApprovalRight {
    /// All values.
    pub const ALL: [Self; 4] =
        [Self::DeleteMemberAccounts, Self::ChangeOwners, Self::DeleteUsers, Self::GrantPlatformRoles];

    /// The rights of an organization, or of the platform.
    pub fn of(org: Option<OrgId>) -> [Self; 2] {
        match org {
            Some(_) => [Self::DeleteMemberAccounts, Self::ChangeOwners],
            None => [Self::DeleteUsers, Self::GrantPlatformRoles],
        }
    }

    /// The right that a change needs: one of the organization if there is one, else one of the platform.
    pub fn for_change(change: &CriticalChange, org: Option<OrgId>) -> Self {
        match (org, change) {
            (Some(_), CriticalChange::DeleteAccount(_)) => Self::DeleteMemberAccounts,
            (Some(_), _) => Self::ChangeOwners,
            (None, _) => match change.platform_permission() {
                PlatformPermission::GrantPlatformRoles => Self::GrantPlatformRoles,
                _ => Self::DeleteUsers,
            },
        }
    }

    /// The identifier in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeleteMemberAccounts => "delete_member_accounts",
            Self::ChangeOwners => "change_owners",
            Self::DeleteUsers => "delete_users",
            Self::GrantPlatformRoles => "grant_platform_roles",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == word)
    }

    /// The permissions that make a member a holder, all of them; none for a right of the platform.
    pub fn member_permissions(self) -> &'static [Permission] {
        match self {
            Self::DeleteMemberAccounts => &[Permission::DeleteMemberAccounts],
            Self::ChangeOwners => &Permission::ALL,
            Self::DeleteUsers | Self::GrantPlatformRoles => &[],
        }
    }

    /// The permission that makes a user a holder; `None` for a right of an organization.
    pub fn platform_permission(self) -> Option<PlatformPermission> {
        match self {
            Self::DeleteUsers => Some(PlatformPermission::DeleteUsers),
            Self::GrantPlatformRoles => Some(PlatformPermission::GrantPlatformRoles),
            Self::DeleteMemberAccounts | Self::ChangeOwners => None,
        }
    }

    /// Whether a member holds the right.
    pub fn is_held_by(self, actor: &Actor) -> bool {
        let needed = self.member_permissions();
        !needed.is_empty() && needed.iter().all(|permission| actor.holds(*permission))
    }

    /// Whether a user with these platform permissions holds the right.
    pub fn is_held_with(self, held: &[PlatformPermission]) -> bool {
        self.platform_permission().is_some_and(|needed| held.contains(&needed))
    }
}

/// Something a platform role may allow in the whole installation (R13). None of them opens a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformPermission {
    /// Create organizations, see them all, switch them off and on.
    ManageOrgs,
    /// Look after accounts.
    ManageUsers,
    /// Change settings of the installation.
    ManagePlatform,
}

impl PlatformPermission {
    /// Every platform permission there is.
    pub const ALL: [Self; 3] = [Self::ManageOrgs, Self::ManageUsers, Self::ManagePlatform];

    /// The word that stands for it in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ManageOrgs => "manage_orgs",
            Self::ManageUsers => "manage_users",
            Self::ManagePlatform => "manage_platform",
        }
    }

    /// What it allows, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::ManageOrgs => "Create organizations, see them all, switch them off and on.",
            Self::ManageUsers => "Look after accounts in the whole installation.",
            Self::ManagePlatform => "Change the settings of the installation.",
        }
    }

    /// The permission that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }
}

/// A role beside all organizations (R13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformRole {
    /// Runs the installation.
    PlatformOwner,
}

impl PlatformRole {
    /// The word that stands for it in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PlatformOwner => "platform_owner",
        }
    }

    /// The role that a stored word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        (word == Self::PlatformOwner.as_str()).then_some(Self::PlatformOwner)
    }

    /// What the role grants.
    pub fn grants(self) -> &'static [PlatformPermission] {
        match self {
            Self::PlatformOwner => &PlatformPermission::ALL,
        }
    }
}

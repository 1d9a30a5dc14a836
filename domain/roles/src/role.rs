use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::Permission;

/// The key of a role, unique within an organization: `owner`, `rbt`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleKey(String);

impl RoleKey {
    /// The rule of [`RoleKey::parse`] without its length, for `openapi.yaml`.
    pub const PATTERN: &'static str = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$";

    /// Takes a key of 1 to 63 characters in snake_case.
    pub fn parse(text: &str) -> Option<Self> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let fits = text.len() <= 63
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.split('_').all(word);
        fits.then(|| Self(text.to_owned()))
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the role that always holds every permission (R12).
    pub fn is_owner(&self) -> bool {
        self.0 == SeededRole::Owner.key()
    }
}

/// A role that every organization has from its creation and cannot delete (R12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeededRole {
    /// Always holds every permission.
    Owner,
    /// Manages support.
    Manager,
    /// Board certified behavior analyst.
    Bcba,
    /// Registered behavior technician.
    Rbt,
    /// Participates in a community.
    CommunityMember,
    /// Supports the members of a community.
    CommunityFacilitator,
    /// Decides on the governance of a community.
    CommunityGovernanceCouncil,
    /// Files requests without being a member (S002-22).
    Guest,
    /// Represents other members towards support (S002-22).
    Representative,
}

impl SeededRole {
    /// All values.
    pub const ALL: [Self; 9] = [
        Self::Owner,
        Self::Manager,
        Self::Bcba,
        Self::Rbt,
        Self::CommunityMember,
        Self::CommunityFacilitator,
        Self::CommunityGovernanceCouncil,
        Self::Guest,
        Self::Representative,
    ];

    /// The key of its [`Role`].
    pub fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Bcba => "bcba",
            Self::Rbt => "rbt",
            Self::CommunityMember => "community_member",
            Self::CommunityFacilitator => "community_facilitator",
            Self::CommunityGovernanceCouncil => "community_governance_council",
            Self::Guest => "guest",
            Self::Representative => "representative",
        }
    }

    /// The default display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Manager => "Manager",
            Self::Bcba => "BCBA",
            Self::Rbt => "RBT",
            Self::CommunityMember => "Community member",
            Self::CommunityFacilitator => "Community facilitator",
            Self::CommunityGovernanceCouncil => "Community governance council",
            Self::Guest => "Guest",
            Self::Representative => "Representative",
        }
    }

    /// What it grants until the organization changes that (S004-2).
    pub fn default_grants(self) -> &'static [Permission] {
        match self {
            Self::Owner => &Permission::ALL,
            Self::Manager => &[
                Permission::CreateTickets,
                Permission::ApproveTickets,
                Permission::ManageTickets,
                Permission::ForceCloseTickets,
                Permission::ManageCategories,
                Permission::ManageLocations,
                Permission::ViewMembers,
                Permission::ManageMembers,
                Permission::InviteMembers,
                Permission::SuspendMembers,
                Permission::ViewMemberProfiles,
                Permission::EditMemberProfiles,
                Permission::ViewMemberLogIns,
                Permission::ViewMemberActivity,
                Permission::ViewMemberMails,
                Permission::DiagnoseMembers,
                Permission::UnlockMembers,
                Permission::ConfirmMembers,
                Permission::ResetMemberPasswords,
                Permission::FlagCompromisedMembers,
                Permission::DecideMembershipRequests,
            ],
            Self::Bcba | Self::Rbt | Self::CommunityMember | Self::Guest => &[Permission::CreateTickets],
            Self::Representative => {
                &[Permission::CreateTickets, Permission::ApproveTickets, Permission::ViewMembers]
            }
            Self::CommunityFacilitator => &[
                Permission::CreateTickets,
                Permission::ApproveTickets,
                Permission::ManageTickets,
                Permission::ViewMembers,
                Permission::InviteMembers,
                Permission::DecideMembershipRequests,
            ],
            Self::CommunityGovernanceCouncil => &[
                Permission::CreateTickets,
                Permission::ViewMembers,
                Permission::ViewMemberActivity,
                Permission::SuspendMembers,
                Permission::DecideMembershipRequests,
            ],
        }
    }
}

impl Role {
    /// Whether the role is a seeded one, which cannot be deleted (R12).
    pub fn is_seeded(&self) -> bool {
        SeededRole::ALL.iter().any(|seed| seed.key() == self.key.as_str())
    }
}

/// A role of one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Unique within the organization.
    pub key: RoleKey,
    /// The display name.
    pub name: String,
    /// The permissions of its holders.
    pub grants: BTreeSet<Permission>,
    /// Whether its holders need two-factor log-in to do anything in the organization.
    pub requires_two_factor: bool,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

/// Something a role may allow within an organization. The one catalogue of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// File requests, and follow and answer one's own.
    CreateTickets,
    /// Work on every request in scope: the mark of staff.
    ManageTickets,
    /// Close a request that is not resolved.
    ForceCloseTickets,
    /// Extend the category tree.
    ManageCategories,
    /// Create and change locations.
    ManageLocations,
    /// See who belongs to the organization and which roles there are.
    ViewMembers,
    /// Add, change and remove members.
    ManageMembers,
    /// Change what roles grant.
    ManageRoles,
    /// Change how mail looks and what it says.
    ManageMail,
    /// Change the organization itself.
    ManageOrg,
}

impl Permission {
    /// Every permission there is.
    pub const ALL: [Self; 10] = [
        Self::CreateTickets,
        Self::ManageTickets,
        Self::ForceCloseTickets,
        Self::ManageCategories,
        Self::ManageLocations,
        Self::ViewMembers,
        Self::ManageMembers,
        Self::ManageRoles,
        Self::ManageMail,
        Self::ManageOrg,
    ];

    /// The word that stands for it in storage and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateTickets => "create_tickets",
            Self::ManageTickets => "manage_tickets",
            Self::ForceCloseTickets => "force_close_tickets",
            Self::ManageCategories => "manage_categories",
            Self::ManageLocations => "manage_locations",
            Self::ViewMembers => "view_members",
            Self::ManageMembers => "manage_members",
            Self::ManageRoles => "manage_roles",
            Self::ManageMail => "manage_mail",
            Self::ManageOrg => "manage_org",
        }
    }

    /// What it allows, in a sentence for people who hand out roles.
    pub fn description(self) -> &'static str {
        match self {
            Self::CreateTickets => "File requests, and follow and answer one's own.",
            Self::ManageTickets => {
                "See, triage, assign, answer and resolve every request in scope; read and write internal notes."
            }
            Self::ForceCloseTickets => "Close a request that is not resolved.",
            Self::ManageCategories => "Extend the category tree.",
            Self::ManageLocations => "Create, rename and retire locations.",
            Self::ViewMembers => "See who belongs to the organization, and its roles.",
            Self::ManageMembers => "Add, change and remove members.",
            Self::ManageRoles => "Change what roles grant.",
            Self::ManageMail => "Change how the organization's mail looks and what it says.",
            Self::ManageOrg => "Rename the organization.",
        }
    }

    /// The permission that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }
}

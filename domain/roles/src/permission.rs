/// A permission within an organization. This is the only catalogue of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// File requests, and follow and reply to your own.
    CreateTickets,
    /// Approve requests of others that are pending approval, or deny them.
    ApproveTickets,
    /// View, triage, assign, answer and resolve every request in scope; read and write internal notes.
    ManageTickets,
    /// Close a request that is not resolved.
    ForceCloseTickets,
    /// Extend the category tree.
    ManageCategories,
    /// Create, rename and deactivate locations.
    ManageLocations,
    /// View the members of the organization, and its roles.
    ViewMembers,
    /// Add members, change their roles and locations, and end memberships.
    ManageMembers,
    /// Invite people, and manage invitations.
    InviteMembers,
    /// Suspend and reactivate members in the organization.
    SuspendMembers,
    /// Read the personal and contact data of members, and their memberships.
    ViewMemberProfiles,
    /// Correct the name, language, time zone or address of members.
    EditMemberProfiles,
    /// Read what members marked private, for a reason that is recorded.
    OverrideMemberPrivacy,
    /// Read the log-ins of members, including failed ones.
    ViewMemberLogIns,
    /// Read what members did and how support helped them.
    ViewMemberActivity,
    /// Read who accessed the data of members.
    ViewMemberAccesses,
    /// Read which mails were sent to members, and their delivery status.
    ViewMemberMails,
    /// Find out why a member can't log in or sees no data.
    DiagnoseMembers,
    /// View the organization as a member sees it.
    ViewAsMembers,
    /// Unlock members after too many failed log-ins.
    UnlockMembers,
    /// Activate accounts of members manually, or send them the link again.
    ConfirmMembers,
    /// Send members a password reset link.
    ResetMemberPasswords,
    /// Give members a temporary password.
    SetTemporaryPasswords,
    /// Reset the two-factor log-in of members who lost their device.
    ResetMemberTwoFactor,
    /// End all sessions of a compromised member account.
    FlagCompromisedMembers,
    /// Schedule the deletion of members' accounts, and cancel it.
    DeleteMemberAccounts,
    /// Grant or deny permission requests.
    DecidePermissionRequests,
    /// Approve or deny requests to join.
    DecideMembershipRequests,
    /// Change what roles grant.
    ManageRoles,
    /// Change the branding and the texts of the organization's mail.
    ManageMail,
    /// Rename the organization, and set who may join and who may open requests.
    ManageOrg,
}

impl Permission {
    /// All values.
    pub const ALL: [Self; 31] = [
        Self::CreateTickets,
        Self::ApproveTickets,
        Self::ManageTickets,
        Self::ForceCloseTickets,
        Self::ManageCategories,
        Self::ManageLocations,
        Self::ViewMembers,
        Self::ManageMembers,
        Self::InviteMembers,
        Self::SuspendMembers,
        Self::ViewMemberProfiles,
        Self::EditMemberProfiles,
        Self::OverrideMemberPrivacy,
        Self::ViewMemberLogIns,
        Self::ViewMemberActivity,
        Self::ViewMemberAccesses,
        Self::ViewMemberMails,
        Self::DiagnoseMembers,
        Self::ViewAsMembers,
        Self::UnlockMembers,
        Self::ConfirmMembers,
        Self::ResetMemberPasswords,
        Self::SetTemporaryPasswords,
        Self::ResetMemberTwoFactor,
        Self::FlagCompromisedMembers,
        Self::DeleteMemberAccounts,
        Self::DecidePermissionRequests,
        Self::DecideMembershipRequests,
        Self::ManageRoles,
        Self::ManageMail,
        Self::ManageOrg,
    ];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateTickets => "create_tickets",
            Self::ApproveTickets => "approve_tickets",
            Self::ManageTickets => "manage_tickets",
            Self::ForceCloseTickets => "force_close_tickets",
            Self::ManageCategories => "manage_categories",
            Self::ManageLocations => "manage_locations",
            Self::ViewMembers => "view_members",
            Self::ManageMembers => "manage_members",
            Self::InviteMembers => "invite_members",
            Self::SuspendMembers => "suspend_members",
            Self::ViewMemberProfiles => "view_member_profiles",
            Self::EditMemberProfiles => "edit_member_profiles",
            Self::OverrideMemberPrivacy => "override_member_privacy",
            Self::ViewMemberLogIns => "view_member_log_ins",
            Self::ViewMemberActivity => "view_member_activity",
            Self::ViewMemberAccesses => "view_member_accesses",
            Self::ViewMemberMails => "view_member_mails",
            Self::DiagnoseMembers => "diagnose_members",
            Self::ViewAsMembers => "view_as_members",
            Self::UnlockMembers => "unlock_members",
            Self::ConfirmMembers => "confirm_members",
            Self::ResetMemberPasswords => "reset_member_passwords",
            Self::SetTemporaryPasswords => "set_temporary_passwords",
            Self::ResetMemberTwoFactor => "reset_member_two_factor",
            Self::FlagCompromisedMembers => "flag_compromised_members",
            Self::DeleteMemberAccounts => "delete_member_accounts",
            Self::DecidePermissionRequests => "decide_permission_requests",
            Self::DecideMembershipRequests => "decide_membership_requests",
            Self::ManageRoles => "manage_roles",
            Self::ManageMail => "manage_mail",
            Self::ManageOrg => "manage_org",
        }
    }

    /// One sentence for those who assign roles.
    pub fn description(self) -> &'static str {
        match self {
            Self::CreateTickets => "File requests, and follow and answer your own.",
            Self::ApproveTickets => "Approve or deny the requests of others that are pending approval.",
            Self::ManageTickets => {
                "See, triage, assign, answer and resolve every request in scope; read and write internal notes."
            }
            Self::ForceCloseTickets => "Close a request that is not resolved.",
            Self::ManageCategories => "Extend the category tree.",
            Self::ManageLocations => "Create, rename and deactivate locations.",
            Self::ViewMembers => "See the members of the organization, and its roles.",
            Self::ManageMembers => "Add members, change their roles and locations, and end memberships.",
            Self::InviteMembers => "Invite people, and manage invitations.",
            Self::SuspendMembers => "Suspend members in the organization, and reactivate them.",
            Self::ViewMemberProfiles => {
                "Read the personal and contact data of members, and their memberships."
            }
            Self::EditMemberProfiles => "Correct the name, language, time zone or address of members.",
            Self::OverrideMemberPrivacy => "Read what members marked private, for a reason that is recorded.",
            Self::ViewMemberLogIns => "Read the log-ins of members, including failed ones.",
            Self::ViewMemberActivity => "Read what members did and how support helped them.",
            Self::ViewMemberAccesses => "Read who accessed the data of members.",
            Self::ViewMemberMails => "Read which mails were sent to members, and their delivery.",
            Self::DiagnoseMembers => "Find out why a member can't log in or sees no data.",
            Self::ViewAsMembers => {
                "View as members with no more rights, including their requests, for a reason that they can read. Changes nothing."
            }
            Self::UnlockMembers => "Unlock members after too many failed log-ins.",
            Self::ConfirmMembers => "Activate accounts of members manually, or send them the link again.",
            Self::ResetMemberPasswords => "Send members a link to choose a new password.",
            Self::SetTemporaryPasswords => "Give members a temporary password.",
            Self::ResetMemberTwoFactor => "Reset the two-factor log-in of members who lost their device.",
            Self::FlagCompromisedMembers => "Flag accounts of members as compromised, to block an intruder.",
            Self::DeleteMemberAccounts => "Schedule the deletion of members' accounts, and cancel it.",
            Self::DecidePermissionRequests => "Grant or deny permission requests of members.",
            Self::DecideMembershipRequests => "Approve or deny requests to join.",
            Self::ManageRoles => "Change what roles grant.",
            Self::ManageMail => "Change how the organization's mail looks and what it says.",
            Self::ManageOrg => "Rename the organization, and set who can join it and who can open requests.",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }
}

/// A permission of a platform role, effective in the whole platform (R13). None of them opens a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformPermission {
    /// View the accounts of the platform.
    ViewUsers,
    /// Read the personal and contact data of any account, and its memberships.
    ViewUserProfiles,
    /// Correct the name, language, time zone or address of accounts.
    EditUsers,
    /// Read what people marked private, for a reason that is recorded.
    OverrideUserPrivacy,
    /// Read the log-ins of accounts, including failed ones.
    ViewUserLogIns,
    /// Read what people did and how support helped them.
    ViewUserActivity,
    /// Read who accessed the data of people.
    ViewUserAccesses,
    /// Read which mails were sent to people, and their delivery status.
    ViewUserMails,
    /// Find out why a person can't log in or sees no data.
    DiagnoseUsers,
    /// Suspend and reactivate accounts.
    SuspendUsers,
    /// Unlock accounts after too many failed log-ins.
    UnlockUsers,
    /// Confirm addresses manually, or send the link again.
    ConfirmUsers,
    /// Send people a password reset link.
    ResetUserPasswords,
    /// Give people a temporary password.
    SetTemporaryUserPasswords,
    /// Reset the two-factor log-in of people who lost their device.
    ResetUserTwoFactor,
    /// End all sessions of a compromised account.
    FlagCompromisedUsers,
    /// Transfer people from one organization to another.
    TransferUsers,
    /// Schedule the deletion of accounts, and cancel it.
    DeleteUsers,
    /// Purge what is left of deleted accounts, with legal approval.
    PurgeUsers,
    /// Invite people to the platform, and manage invitations.
    InviteUsers,
    /// Grant and revoke platform roles.
    GrantPlatformRoles,
    /// Create, list, deactivate and reactivate organizations.
    ManageOrgs,
    /// Change the settings of the platform.
    ManagePlatform,
}

impl PlatformPermission {
    /// All values.
    pub const ALL: [Self; 23] = [
        Self::ViewUsers,
        Self::ViewUserProfiles,
        Self::EditUsers,
        Self::OverrideUserPrivacy,
        Self::ViewUserLogIns,
        Self::ViewUserActivity,
        Self::ViewUserAccesses,
        Self::ViewUserMails,
        Self::DiagnoseUsers,
        Self::SuspendUsers,
        Self::UnlockUsers,
        Self::ConfirmUsers,
        Self::ResetUserPasswords,
        Self::SetTemporaryUserPasswords,
        Self::ResetUserTwoFactor,
        Self::FlagCompromisedUsers,
        Self::TransferUsers,
        Self::DeleteUsers,
        Self::PurgeUsers,
        Self::InviteUsers,
        Self::GrantPlatformRoles,
        Self::ManageOrgs,
        Self::ManagePlatform,
    ];

    /// Those whose holders approve critical changes of the platform (S001-30).
    pub const OF_APPROVERS: [Self; 2] = [Self::DeleteUsers, Self::GrantPlatformRoles];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewUsers => "view_users",
            Self::ViewUserProfiles => "view_user_profiles",
            Self::EditUsers => "edit_users",
            Self::OverrideUserPrivacy => "override_user_privacy",
            Self::ViewUserLogIns => "view_user_log_ins",
            Self::ViewUserActivity => "view_user_activity",
            Self::ViewUserAccesses => "view_user_accesses",
            Self::ViewUserMails => "view_user_mails",
            Self::DiagnoseUsers => "diagnose_users",
            Self::SuspendUsers => "suspend_users",
            Self::UnlockUsers => "unlock_users",
            Self::ConfirmUsers => "confirm_users",
            Self::ResetUserPasswords => "reset_user_passwords",
            Self::SetTemporaryUserPasswords => "set_temporary_user_passwords",
            Self::ResetUserTwoFactor => "reset_user_two_factor",
            Self::FlagCompromisedUsers => "flag_compromised_users",
            Self::TransferUsers => "transfer_users",
            Self::DeleteUsers => "delete_users",
            Self::PurgeUsers => "purge_users",
            Self::InviteUsers => "invite_users",
            Self::GrantPlatformRoles => "grant_platform_roles",
            Self::ManageOrgs => "manage_orgs",
            Self::ManagePlatform => "manage_platform",
        }
    }

    /// One sentence for those who assign roles.
    pub fn description(self) -> &'static str {
        match self {
            Self::ViewUsers => "See the accounts of the platform.",
            Self::ViewUserProfiles => {
                "Read the personal and contact data of all people, and their memberships."
            }
            Self::EditUsers => "Correct the name, language, time zone or address of accounts.",
            Self::OverrideUserPrivacy => "Read what people marked private, for a reason that is recorded.",
            Self::ViewUserLogIns => "Read the log-ins of accounts, including failed ones.",
            Self::ViewUserActivity => "Read what people did and how support helped them.",
            Self::ViewUserAccesses => "Read who accessed the data of people.",
            Self::ViewUserMails => "Read which mails were sent to people, and their delivery.",
            Self::DiagnoseUsers => "Find out why a person can't log in or sees no data.",
            Self::SuspendUsers => "Suspend accounts, and reactivate them.",
            Self::UnlockUsers => "Unlock accounts after too many failed log-ins.",
            Self::ConfirmUsers => "Confirm addresses manually, or send the link again.",
            Self::ResetUserPasswords => "Send people a link to choose a new password.",
            Self::SetTemporaryUserPasswords => "Give people a temporary password.",
            Self::ResetUserTwoFactor => "Reset the two-factor log-in of people who lost their device.",
            Self::FlagCompromisedUsers => "Flag accounts as compromised, to block an intruder.",
            Self::TransferUsers => "Transfer people from one organization to another.",
            Self::DeleteUsers => "Schedule the deletion of accounts, and cancel it.",
            Self::PurgeUsers => "Purge deleted accounts, with legal approval.",
            Self::InviteUsers => "Invite people to the platform, and manage invitations.",
            Self::GrantPlatformRoles => "Grant and remove platform roles.",
            Self::ManageOrgs => "Create organizations, see all of them, and activate or deactivate them.",
            Self::ManagePlatform => "Change the settings of the platform.",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == word)
    }
}

/// A role beside all organizations (R13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlatformRole {
    /// Administers the platform, with every permission.
    Owner,
    /// Manages organizations and accounts.
    Manager,
    /// Diagnoses problems, and changes nothing.
    TechSupport,
    /// Investigates faults of the software, with as little access to personal data as possible.
    Developer,
}

impl PlatformRole {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::TechSupport, Self::Developer];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "platform_owner",
            Self::Manager => "platform_manager",
            Self::TechSupport => "platform_tech_support",
            Self::Developer => "platform_developer",
        }
    }

    /// The display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "Platform owner",
            Self::Manager => "Platform manager",
            Self::TechSupport => "Technical support",
            Self::Developer => "Developer",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether somebody with these permissions may invite to the platform, and to this role if one is
    /// offered. Checked when they invite, and again when the invitation is accepted (S001-8).
    pub fn may_be_offered(role: Option<Self>, held: &[PlatformPermission]) -> bool {
        let needs = role.into_iter().flat_map(Self::grants);
        let giving = role.map(|_| PlatformPermission::GrantPlatformRoles);
        needs.chain(giving).chain([PlatformPermission::InviteUsers]).all(|needed| held.contains(&needed))
    }

    /// The permissions of the role.
    pub fn grants(self) -> Vec<PlatformPermission> {
        use PlatformPermission as P;
        match self {
            Self::Owner => P::ALL.to_vec(),
            Self::Manager => {
                P::ALL.into_iter().filter(|p| !matches!(p, P::GrantPlatformRoles | P::PurgeUsers)).collect()
            }
            Self::TechSupport => {
                vec![P::ViewUsers, P::ViewUserLogIns, P::ViewUserMails, P::DiagnoseUsers]
            }
            Self::Developer => vec![P::ViewUsers, P::DiagnoseUsers],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s001_8_tech_support_diagnoses_and_administers_nothing() {
        for role in [PlatformRole::TechSupport, PlatformRole::Developer] {
            let only_reads =
                |p: &PlatformPermission| ["view_", "diagnose_"].iter().any(|w| p.as_str().starts_with(w));
            assert!(role.grants().iter().all(only_reads), "{role:?}");
        }
        assert!(!PlatformRole::Manager.grants().contains(&PlatformPermission::GrantPlatformRoles));
    }
}

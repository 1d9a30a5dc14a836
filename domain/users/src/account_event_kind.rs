/// The kind of an event in the history of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountEventKind {
    /// A log-in.
    SessionCreated,
    /// A log-in that failed, with its cause.
    LogInFailed,
    /// Too many log-ins failed; further ones wait.
    AccountLocked,
    /// Staff ended the wait.
    AccountUnlocked,
    /// Staff read personal data.
    DataRead,
    /// Staff read the diagnosis of log-ins.
    LogInDiagnosed,
    /// Staff read the diagnosis of missing data.
    DataDiagnosed,
    /// Staff started a view-as session.
    ViewedAs,
    /// A person registered.
    AccountRegistered,
    /// The owner used the set-up link.
    AccountSetUp,
    /// Staff confirmed the account by hand.
    AccountConfirmed,
    /// Staff suspended the account on the platform.
    AccountSuspended,
    /// The account is active again.
    AccountReactivated,
    /// Staff flagged the account as taken over.
    AccountCompromised,
    /// The account went to another organization.
    AccountTransferred,
    /// The deletion was carried out.
    AccountDeleted,
    /// The tombstone of another account was removed.
    AccountPurged,
    /// The owner confirmed the address.
    AddressConfirmed,
    /// The owner proved the address.
    AddressProved,
    /// Staff asked for another address.
    AddressChangeRequested,
    /// The owner confirmed another address.
    AddressChanged,
    /// The owner changed the profile.
    ProfileChanged,
    /// Staff corrected the profile.
    ProfileCorrected,
    /// Staff sent the link to confirm again.
    ConfirmationSent,
    /// Staff fetched a set-up link.
    SetupLinkFetched,
    /// The owner changed the password.
    PasswordChanged,
    /// The owner chose a password with a mailed link.
    PasswordReset,
    /// Somebody asked for a link to choose a password.
    PasswordResetRequested,
    /// Staff sent a link to choose a password.
    PasswordResetSent,
    /// Staff set a temporary password.
    TemporaryPasswordSet,
    /// The owner enabled two-factor log-in.
    TwoFactorEnabled,
    /// The owner disabled two-factor log-in.
    TwoFactorDisabled,
    /// Two-factor log-in was reset for the owner.
    TwoFactorReset,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// The owner replaced the recovery codes.
    RecoveryCodesReplaced,
    /// A deletion was scheduled.
    DeletionScheduled,
    /// A scheduled deletion was cancelled.
    DeletionCancelled,
    /// A critical change of the account was requested.
    ApprovalRequested,
    /// A critical change was approved.
    ApprovalGranted,
    /// A critical change was denied.
    ApprovalDenied,
    /// The vote on critical changes was restored.
    VoteRestored,
    /// The operator of the server created a recovery link.
    OwnerRecoveryLinkCreated,
    /// A platform role was granted.
    PlatformRoleGranted,
    /// A platform role was removed.
    PlatformRoleRemoved,
    /// The account changed the settings of the platform.
    PlatformChanged,
    /// The account published an agreement.
    AgreementPublished,
    /// A membership began.
    MemberAdded,
    /// A membership changed.
    MemberUpdated,
    /// A membership was suspended.
    MemberSuspended,
    /// A membership is active again.
    MemberReactivated,
    /// A membership ended.
    MemberRemoved,
    /// The account accepted an invitation.
    InvitationAccepted,
    /// The account invited to the platform.
    InvitationCreated,
    /// The account deleted an invitation to the platform.
    InvitationDeleted,
    /// The account sent an invitation to the platform again.
    InvitationResent,
    /// The account revoked an invitation to the platform.
    InvitationRevoked,
    /// The account read the link of an invitation to the platform.
    InvitationUrlRead,
}

/// A list that shows part of an account's history. Each has a permission of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryPart {
    /// What became of the account.
    Activity,
    /// Log-ins, failed ones too, and locks (S000-10).
    LogIns,
    /// Who read the person's data (S001-45).
    Accesses,
    /// What others did for the person (S001-54).
    Support,
}

impl AccountEventKind {
    /// All values.
    pub const ALL: [Self; 57] = [
        Self::SessionCreated,
        Self::LogInFailed,
        Self::AccountLocked,
        Self::AccountUnlocked,
        Self::DataRead,
        Self::LogInDiagnosed,
        Self::DataDiagnosed,
        Self::ViewedAs,
        Self::AccountRegistered,
        Self::AccountSetUp,
        Self::AccountConfirmed,
        Self::AccountSuspended,
        Self::AccountReactivated,
        Self::AccountCompromised,
        Self::AccountTransferred,
        Self::AccountDeleted,
        Self::AccountPurged,
        Self::AddressConfirmed,
        Self::AddressProved,
        Self::AddressChangeRequested,
        Self::AddressChanged,
        Self::ProfileChanged,
        Self::ProfileCorrected,
        Self::ConfirmationSent,
        Self::SetupLinkFetched,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::PasswordResetRequested,
        Self::PasswordResetSent,
        Self::TemporaryPasswordSet,
        Self::TwoFactorEnabled,
        Self::TwoFactorDisabled,
        Self::TwoFactorReset,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesReplaced,
        Self::DeletionScheduled,
        Self::DeletionCancelled,
        Self::ApprovalRequested,
        Self::ApprovalGranted,
        Self::ApprovalDenied,
        Self::VoteRestored,
        Self::OwnerRecoveryLinkCreated,
        Self::PlatformRoleGranted,
        Self::PlatformRoleRemoved,
        Self::PlatformChanged,
        Self::AgreementPublished,
        Self::MemberAdded,
        Self::MemberUpdated,
        Self::MemberSuspended,
        Self::MemberReactivated,
        Self::MemberRemoved,
        Self::InvitationAccepted,
        Self::InvitationCreated,
        Self::InvitationDeleted,
        Self::InvitationResent,
        Self::InvitationRevoked,
        Self::InvitationUrlRead,
    ];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionCreated => "session_created",
            Self::LogInFailed => "log_in_failed",
            Self::AccountLocked => "account_locked",
            Self::AccountUnlocked => "account_unlocked",
            Self::DataRead => "data_read",
            Self::LogInDiagnosed => "log_in_diagnosed",
            Self::DataDiagnosed => "data_diagnosed",
            Self::ViewedAs => "viewed_as",
            Self::AccountRegistered => "account_registered",
            Self::AccountSetUp => "account_set_up",
            Self::AccountConfirmed => "account_confirmed",
            Self::AccountSuspended => "account_suspended",
            Self::AccountReactivated => "account_reactivated",
            Self::AccountCompromised => "account_compromised",
            Self::AccountTransferred => "account_transferred",
            Self::AccountDeleted => "account_deleted",
            Self::AccountPurged => "account_purged",
            Self::AddressConfirmed => "address_confirmed",
            Self::AddressProved => "address_proved",
            Self::AddressChangeRequested => "address_change_requested",
            Self::AddressChanged => "address_changed",
            Self::ProfileChanged => "profile_changed",
            Self::ProfileCorrected => "profile_corrected",
            Self::ConfirmationSent => "confirmation_sent",
            Self::SetupLinkFetched => "setup_link_fetched",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::PasswordResetRequested => "password_reset_requested",
            Self::PasswordResetSent => "password_reset_sent",
            Self::TemporaryPasswordSet => "temporary_password_set",
            Self::TwoFactorEnabled => "two_factor_enabled",
            Self::TwoFactorDisabled => "two_factor_disabled",
            Self::TwoFactorReset => "two_factor_reset",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::RecoveryCodesReplaced => "recovery_codes_replaced",
            Self::DeletionScheduled => "deletion_scheduled",
            Self::DeletionCancelled => "deletion_cancelled",
            Self::ApprovalRequested => "approval_requested",
            Self::ApprovalGranted => "approval_granted",
            Self::ApprovalDenied => "approval_denied",
            Self::VoteRestored => "vote_restored",
            Self::OwnerRecoveryLinkCreated => "owner_recovery_link_created",
            Self::PlatformRoleGranted => "platform_role_granted",
            Self::PlatformRoleRemoved => "platform_role_removed",
            Self::PlatformChanged => "platform_changed",
            Self::AgreementPublished => "agreement_published",
            Self::MemberAdded => "member_added",
            Self::MemberUpdated => "member_updated",
            Self::MemberSuspended => "member_suspended",
            Self::MemberReactivated => "member_reactivated",
            Self::MemberRemoved => "member_removed",
            Self::InvitationAccepted => "invitation_accepted",
            Self::InvitationCreated => "invitation_created",
            Self::InvitationDeleted => "invitation_deleted",
            Self::InvitationResent => "invitation_resent",
            Self::InvitationRevoked => "invitation_revoked",
            Self::InvitationUrlRead => "invitation_url_read",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The lists that show events of this kind. A new kind is in none until somebody decides.
    fn shown_in(self) -> &'static [HistoryPart] {
        use HistoryPart::{Accesses, Activity, LogIns, Support};
        match self {
            Self::SessionCreated | Self::LogInFailed => &[LogIns],
            Self::AccountLocked | Self::AccountUnlocked => &[Activity, LogIns, Support],
            Self::DataRead => &[Accesses],
            // An access, and help: the person's support history names who helped, and why (S003-28).
            Self::LogInDiagnosed | Self::DataDiagnosed | Self::ViewedAs => &[Accesses, Support],
            Self::AccountRegistered
            | Self::AccountSetUp
            | Self::AccountConfirmed
            | Self::AccountSuspended
            | Self::AccountReactivated
            | Self::AccountCompromised
            | Self::AccountTransferred
            | Self::AccountDeleted
            | Self::AccountPurged
            | Self::AddressConfirmed
            | Self::AddressProved
            | Self::AddressChangeRequested
            | Self::AddressChanged
            | Self::ProfileChanged
            | Self::ProfileCorrected
            | Self::ConfirmationSent
            | Self::SetupLinkFetched
            | Self::PasswordChanged
            | Self::PasswordReset
            | Self::PasswordResetRequested
            | Self::PasswordResetSent
            | Self::TemporaryPasswordSet
            | Self::TwoFactorEnabled
            | Self::TwoFactorDisabled
            | Self::TwoFactorReset
            | Self::RecoveryCodeUsed
            | Self::RecoveryCodesReplaced
            | Self::DeletionScheduled
            | Self::DeletionCancelled
            | Self::ApprovalRequested
            | Self::ApprovalGranted
            | Self::ApprovalDenied
            | Self::VoteRestored
            | Self::OwnerRecoveryLinkCreated
            | Self::PlatformRoleGranted
            | Self::PlatformRoleRemoved
            | Self::PlatformChanged
            | Self::AgreementPublished
            | Self::MemberAdded
            | Self::MemberUpdated
            | Self::MemberSuspended
            | Self::MemberReactivated
            | Self::MemberRemoved
            | Self::InvitationAccepted
            | Self::InvitationCreated
            | Self::InvitationDeleted
            | Self::InvitationResent
            | Self::InvitationRevoked
            | Self::InvitationUrlRead => &[Activity, Support],
        }
    }

    /// Whether a list shows events of this kind.
    pub fn is_shown_in(self, part: HistoryPart) -> bool {
        self.shown_in().contains(&part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_an_identifier_of_its_own() {
        for kind in AccountEventKind::ALL {
            assert_eq!(AccountEventKind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn s001_45_accesses_are_not_part_of_the_activity() {
        for kind in AccountEventKind::ALL {
            let is_access = kind.is_shown_in(HistoryPart::Accesses);
            assert!(!(is_access && kind.is_shown_in(HistoryPart::Activity)), "{kind:?}");
        }
    }
}

/// The subject matter of a mail. Each kind has a template in every shipped language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailKind {
    /// Confirm the address of a new account (S000-9).
    ConfirmAddress,
    /// Somebody registered with an address that has an account already.
    AddressKnown,
    /// The link to reset a password (S000-5, S003-26).
    ResetPassword,
    /// Staff created the account (S003-27).
    NewAccount,
    /// Confirm the new address of an account; sent to the new address.
    ChangeAddress,
    /// Prove the address of an account (R18).
    ProveAddress,
    /// Staff requested another address; sent to the current one.
    AddressChangeRequested,
    /// The address was changed; sent to the old one (S000-8).
    AddressChanged,
    /// The password was changed.
    PasswordChanged,
    /// Two-factor log-in was enabled or disabled, or a recovery code used.
    TwoFactorChanged,
    /// An invitation (S001-17).
    Invitation,
    /// An invitation that expires soon.
    InvitationReminder,
    /// Log-ins are refused for a while after too many failures (S000-11).
    AccountLocked,
    /// The account was suspended (S001-31).
    AccountSuspended,
    /// The account can be used again.
    AccountReactivated,
    /// The account will be deleted (S000-15).
    DeletionScheduled,
    /// The account was deleted (S000-16).
    DeletionDone,
    /// The roles in an organization changed.
    RolesChanged,
    /// A membership was approved or denied (S000-20).
    MembershipDecided,
    /// Support answered a request (S004-21).
    NewReply,
    /// The status of a request changed (S004-21).
    StatusChanged,
    /// A request was received.
    TicketReceived,
    /// Help with the confirmation of an account (S000-49).
    ConfirmationHelp,
    /// A decision is pending for the recipient.
    DecisionPending,
    /// A critical change is made unless somebody denies it (S001-30).
    CriticalChangePending,
    /// The vote of an approver was added, suspended or restored (S001-30).
    ApproverChanged,
    /// All mails of a day in one, for those who prefer that.
    Digest,
    /// A permission was not granted (S000-49).
    PermissionDenied,
    /// A feature request was received (S000-49).
    FeatureRequestAcknowledged,
    /// A bug report was received (S000-49).
    BugReportConfirmed,
    /// A request was escalated (S000-49).
    EscalationNotice,
}

impl MailKind {
    /// All values.
    pub const ALL: [Self; 31] = [
        Self::ConfirmAddress,
        Self::AddressKnown,
        Self::ResetPassword,
        Self::NewAccount,
        Self::ChangeAddress,
        Self::ProveAddress,
        Self::AddressChangeRequested,
        Self::AddressChanged,
        Self::PasswordChanged,
        Self::TwoFactorChanged,
        Self::Invitation,
        Self::InvitationReminder,
        Self::AccountLocked,
        Self::AccountSuspended,
        Self::AccountReactivated,
        Self::DeletionScheduled,
        Self::DeletionDone,
        Self::RolesChanged,
        Self::MembershipDecided,
        Self::NewReply,
        Self::StatusChanged,
        Self::TicketReceived,
        Self::ConfirmationHelp,
        Self::DecisionPending,
        Self::CriticalChangePending,
        Self::ApproverChanged,
        Self::Digest,
        Self::PermissionDenied,
        Self::FeatureRequestAcknowledged,
        Self::BugReportConfirmed,
        Self::EscalationNotice,
    ];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "confirm_address",
            Self::AddressKnown => "address_known",
            Self::ResetPassword => "reset_password",
            Self::NewAccount => "new_account",
            Self::ChangeAddress => "change_address",
            Self::ProveAddress => "prove_address",
            Self::AddressChangeRequested => "address_change_requested",
            Self::AddressChanged => "address_changed",
            Self::PasswordChanged => "password_changed",
            Self::TwoFactorChanged => "two_factor_changed",
            Self::Invitation => "invitation",
            Self::InvitationReminder => "invitation_reminder",
            Self::AccountLocked => "account_locked",
            Self::AccountSuspended => "account_suspended",
            Self::AccountReactivated => "account_reactivated",
            Self::DeletionScheduled => "deletion_scheduled",
            Self::DeletionDone => "deletion_done",
            Self::RolesChanged => "roles_changed",
            Self::MembershipDecided => "membership_decided",
            Self::NewReply => "new_reply",
            Self::StatusChanged => "status_changed",
            Self::TicketReceived => "ticket_received",
            Self::ConfirmationHelp => "confirmation_help",
            Self::DecisionPending => "decision_pending",
            Self::CriticalChangePending => "critical_change_pending",
            Self::ApproverChanged => "approver_changed",
            Self::Digest => "digest",
            Self::PermissionDenied => "permission_denied",
            Self::FeatureRequestAcknowledged => "feature_request_acknowledged",
            Self::BugReportConfirmed => "bug_report_confirmed",
            Self::EscalationNotice => "escalation_notice",
        }
    }

    /// Kinds that a recipient may mute: what they report is also visible in the API, and none gives access.
    pub const OPTIONAL: [Self; 4] =
        [Self::TicketReceived, Self::NewReply, Self::StatusChanged, Self::DecisionPending];

    /// Whether a recipient may mute it.
    pub fn is_optional(self) -> bool {
        Self::OPTIONAL.contains(&self)
    }

    /// Whether an organization may replace its template. It may not for warnings about what one person can do
    /// alone: that person could otherwise weaken the warning to the other holders (S001-30).
    pub fn may_be_reworded(self) -> bool {
        !matches!(self, Self::CriticalChangePending | Self::ApproverChanged)
    }

    /// Whether it reports something that only members with access may know, and so is sent only to recipients
    /// who still have access.
    pub fn requires_membership(self) -> bool {
        matches!(
            self,
            Self::TicketReceived
                | Self::NewReply
                | Self::StatusChanged
                | Self::DecisionPending
                | Self::Digest
        )
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }

    /// Variables that are specific to this kind; see [`MailKind::usable_variables`].
    pub fn variables(self) -> &'static [&'static str] {
        const TICKET: &[&str] = &["ticket_number", "ticket_subject", "link"];
        const TICKET_AND_NOTE: &[&str] = &["ticket_number", "ticket_subject", "link", "personal_note"];
        const INVITATION: &[&str] =
            &["inviter_name", "org_name", "roles", "greeting", "link", "code", "valid_from", "valid_until"];
        match self {
            Self::ConfirmAddress | Self::ResetPassword | Self::ChangeAddress | Self::ProveAddress => {
                &["link", "valid_until"]
            }
            Self::AddressKnown | Self::AccountReactivated => &["login_link"],
            Self::NewAccount => &["email", "org_name", "link", "valid_until", "login_link", "docs_link"],
            Self::AddressChangeRequested => &["new_address"],
            Self::AddressChanged | Self::PasswordChanged | Self::DeletionDone => &[],
            Self::TwoFactorChanged => &["change"],
            Self::Invitation | Self::InvitationReminder => INVITATION,
            Self::AccountLocked => &["locked_until", "reset_link"],
            Self::AccountSuspended => &["reason", "until"],
            Self::DeletionScheduled => &["due_on", "cancel_link"],
            Self::RolesChanged => &["org_name", "roles"],
            Self::MembershipDecided => &["org_name", "decision", "reason", "can_appeal", "link"],
            Self::NewReply | Self::TicketReceived => TICKET,
            Self::StatusChanged => &["ticket_number", "ticket_subject", "status", "link"],
            Self::ConfirmationHelp => &["link", "personal_note"],
            Self::DecisionPending => &["matter", "link"],
            Self::CriticalChangePending => &["change", "email", "due_on", "link"],
            Self::ApproverChanged => &["change", "count", "email", "valid_from"],
            Self::Digest => &["count", "news"],
            Self::PermissionDenied => &["org_name", "permission", "explanation", "personal_note"],
            Self::FeatureRequestAcknowledged | Self::BugReportConfirmed => TICKET_AND_NOTE,
            Self::EscalationNotice => {
                &["ticket_number", "ticket_subject", "level", "next_update_at", "link", "personal_note"]
            }
        }
    }
}

/// What a mail is about. Each has a template in every language that Steward ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MailKind {
    /// Confirm the address of a new account (S000-9).
    ConfirmAddress,
    /// Somebody registered with an address that has an account.
    AddressKnown,
    /// The link of a forgotten password (S000-5, S003-26).
    ResetPassword,
    /// An organizer made an account (S003-27).
    NewAccount,
    /// Confirm the new address of an account; goes to the new one.
    ChangeAddress,
    /// Prove the address of an account (R18).
    ProveAddress,
    /// Staff have asked for another address; goes to the one until then.
    AddressChangeAsked,
    /// The address was changed; goes to the old one (S000-8).
    AddressChanged,
    /// The password was changed.
    PasswordChanged,
    /// Two-factor log-in was switched on or off, or a recovery code used.
    TwoFactorChanged,
    /// An invitation (S001-17).
    Invitation,
    /// An invitation that is about to end.
    InvitationReminder,
    /// Too many failed log-ins (S000-11).
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
    /// Help with confirming an account (S000-49).
    ConfirmationHelp,
    /// Something waits for the recipient to decide on.
    DecisionPending,
    /// A critical change is made unless somebody denies it (S001-30).
    CriticalChangePending,
    /// The vote of an approver was added, suspended or restored (S001-30).
    ApproverChanged,
    /// All that came up in a day, for whoever wants it together.
    Digest,
    /// A permission was not given (S000-49).
    PermissionDenied,
    /// A wish for a feature was noted (S000-49).
    FeatureRequestAcknowledged,
    /// A fault was reported (S000-49).
    BugReportConfirmed,
    /// A request was escalated (S000-49).
    EscalationNotice,
}

impl MailKind {
    /// Every kind there is.
    pub const ALL: [Self; 31] = [
        Self::ConfirmAddress,
        Self::AddressKnown,
        Self::ResetPassword,
        Self::NewAccount,
        Self::ChangeAddress,
        Self::ProveAddress,
        Self::AddressChangeAsked,
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

    /// The word that stands for it in storage and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmAddress => "confirm_address",
            Self::AddressKnown => "address_known",
            Self::ResetPassword => "reset_password",
            Self::NewAccount => "new_account",
            Self::ChangeAddress => "change_address",
            Self::ProveAddress => "prove_address",
            Self::AddressChangeAsked => "address_change_asked",
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

    /// Those that somebody may do without: they tell of what he can look up, and let nobody in.
    pub const OPTIONAL: [Self; 4] =
        [Self::TicketReceived, Self::NewReply, Self::StatusChanged, Self::DecisionPending];

    /// Whether somebody may do without it.
    pub fn is_optional(self) -> bool {
        Self::OPTIONAL.contains(&self)
    }

    /// Whether an organization may send it in words of its own. Those that warn of what one person may do alone say what they
    /// say, also to holders whom that person would rather not have warned (S001-30).
    pub fn may_be_reworded(self) -> bool {
        !matches!(self, Self::CriticalChangePending | Self::ApproverChanged)
    }

    /// Whether it tells of something that others are not to know, and so goes only to somebody who may still look at that.
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

    /// The kind that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }

    /// What it tells of its own cause; see [`MailKind::usable_variables`].
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
            Self::AddressChangeAsked => &["new_address"],
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

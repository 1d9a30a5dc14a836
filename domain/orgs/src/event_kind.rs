//! The kinds of events in an organization's log.

use crate::visibility::Visibility;

/// A kind of event in an organization's log. Its audience is part of the kind: the compiler asks for that of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A request was filed.
    TicketCreated,
    /// Its subject or details changed.
    TicketEdited,
    /// Its priority, category, location or whom it waits for changed.
    TicketTriaged,
    /// It was assigned, reassigned or unassigned.
    TicketAssigned,
    /// A representative approved or denied it.
    TicketApprovalDecided,
    /// Its status changed.
    TicketStatusChanged,
    /// Somebody replied.
    MessagePosted,
    /// Staff added an internal note.
    NoteAdded,
    /// A category was created.
    CategoryCreated,
    /// A category changed.
    CategoryUpdated,
    /// The organization was created.
    OrgCreated,
    /// Its settings changed.
    OrgUpdated,
    /// A location was created.
    LocationCreated,
    /// A location changed.
    LocationUpdated,
    /// The settings of its mail changed.
    MailSettingsChanged,
    /// A mail template was replaced.
    MailTemplateReplaced,
    /// A mail template was removed; the shipped one applies.
    MailTemplateRemoved,
    /// A role was created.
    RoleCreated,
    /// A role changed.
    RoleUpdated,
    /// The permissions of a role changed.
    RolePermissionsReplaced,
    /// A role was deleted.
    RoleDeleted,
    /// A person became a member.
    MemberAdded,
    /// Roles, locations or reach of a member changed.
    MemberUpdated,
    /// A member was suspended.
    MemberSuspended,
    /// A suspension ended.
    MemberReactivated,
    /// A membership ended.
    MemberRemoved,
    /// Somebody was invited.
    InvitationCreated,
    /// An invitation was mailed again.
    InvitationResent,
    /// Staff read the link of an invitation.
    InvitationUrlRead,
    /// An invitation was revoked.
    InvitationRevoked,
    /// An invitation was deleted.
    InvitationDeleted,
    /// An invitation was accepted.
    InvitationAccepted,
    /// An invitation was declined.
    InvitationDeclined,
    /// Somebody requested to join.
    MembershipRequested,
    /// A request to join was withdrawn.
    MembershipRequestWithdrawn,
    /// A request to join was approved.
    MembershipApproved,
    /// A request to join was denied.
    MembershipDenied,
    /// A denial was appealed.
    MembershipAppealed,
    /// A member requested a role or permission.
    PermissionRequested,
    /// It was granted.
    PermissionGranted,
    /// It was denied.
    PermissionDenied,
}

impl EventKind {
    /// The identifier in storage and in the API, in the past tense: `ticket_status_changed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TicketCreated => "ticket_created",
            Self::TicketEdited => "ticket_edited",
            Self::TicketTriaged => "ticket_triaged",
            Self::TicketAssigned => "ticket_assigned",
            Self::TicketApprovalDecided => "ticket_approval_decided",
            Self::TicketStatusChanged => "ticket_status_changed",
            Self::MessagePosted => "message_posted",
            Self::NoteAdded => "note_added",
            Self::CategoryCreated => "category_created",
            Self::CategoryUpdated => "category_updated",
            Self::OrgCreated => "org_created",
            Self::OrgUpdated => "org_updated",
            Self::LocationCreated => "location_created",
            Self::LocationUpdated => "location_updated",
            Self::MailSettingsChanged => "mail_settings_changed",
            Self::MailTemplateReplaced => "mail_template_replaced",
            Self::MailTemplateRemoved => "mail_template_removed",
            Self::RoleCreated => "role_created",
            Self::RoleUpdated => "role_updated",
            Self::RolePermissionsReplaced => "role_permissions_replaced",
            Self::RoleDeleted => "role_deleted",
            Self::MemberAdded => "member_added",
            Self::MemberUpdated => "member_updated",
            Self::MemberSuspended => "member_suspended",
            Self::MemberReactivated => "member_reactivated",
            Self::MemberRemoved => "member_removed",
            Self::InvitationCreated => "invitation_created",
            Self::InvitationResent => "invitation_resent",
            Self::InvitationUrlRead => "invitation_url_read",
            Self::InvitationRevoked => "invitation_revoked",
            Self::InvitationDeleted => "invitation_deleted",
            Self::InvitationAccepted => "invitation_accepted",
            Self::InvitationDeclined => "invitation_declined",
            Self::MembershipRequested => "membership_requested",
            Self::MembershipRequestWithdrawn => "membership_request_withdrawn",
            Self::MembershipApproved => "membership_approved",
            Self::MembershipDenied => "membership_denied",
            Self::MembershipAppealed => "membership_appealed",
            Self::PermissionRequested => "permission_requested",
            Self::PermissionGranted => "permission_granted",
            Self::PermissionDenied => "permission_denied",
        }
    }

    /// Who sees such events: everybody who sees their subject, or staff only.
    pub fn visibility(self) -> Visibility {
        match self {
            Self::TicketCreated
            | Self::TicketEdited
            | Self::TicketTriaged
            | Self::TicketAssigned
            | Self::TicketApprovalDecided
            | Self::TicketStatusChanged
            | Self::MessagePosted => Visibility::Public,
            Self::NoteAdded
            | Self::CategoryCreated
            | Self::CategoryUpdated
            | Self::OrgCreated
            | Self::OrgUpdated
            | Self::LocationCreated
            | Self::LocationUpdated
            | Self::MailSettingsChanged
            | Self::MailTemplateReplaced
            | Self::MailTemplateRemoved
            | Self::RoleCreated
            | Self::RoleUpdated
            | Self::RolePermissionsReplaced
            | Self::RoleDeleted
            | Self::MemberAdded
            | Self::MemberUpdated
            | Self::MemberSuspended
            | Self::MemberReactivated
            | Self::MemberRemoved
            | Self::InvitationCreated
            | Self::InvitationResent
            | Self::InvitationUrlRead
            | Self::InvitationRevoked
            | Self::InvitationDeleted
            | Self::InvitationAccepted
            | Self::InvitationDeclined
            | Self::MembershipRequested
            | Self::MembershipRequestWithdrawn
            | Self::MembershipApproved
            | Self::MembershipDenied
            | Self::MembershipAppealed
            | Self::PermissionRequested
            | Self::PermissionGranted
            | Self::PermissionDenied => Visibility::Staff,
        }
    }
}

use uuid::Uuid;

/// The source of a mail's link. The link is made when the mail is rendered, and never stored in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecret {
    /// The one-time token with this id.
    OneTimeToken(Uuid),
    /// The code of the invitation with this id.
    Invitation(Uuid),
}

impl MailSecret {
    /// The identifier of the kind in storage.
    pub fn kind(self) -> &'static str {
        match self {
            Self::OneTimeToken(_) => "one_time_token",
            Self::Invitation(_) => "invitation",
        }
    }

    /// The id of the token or invitation.
    pub fn id(self) -> Uuid {
        match self {
            Self::OneTimeToken(id) | Self::Invitation(id) => id,
        }
    }

    /// Parses a stored kind and id; `None` if the kind is unknown.
    pub fn parse(kind: &str, id: Uuid) -> Option<Self> {
        [Self::OneTimeToken(id), Self::Invitation(id)].into_iter().find(|s| s.kind() == kind)
    }
}

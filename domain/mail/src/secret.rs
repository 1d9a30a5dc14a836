use uuid::Uuid;

/// What a mail's link is made of when it is rendered. The link itself never stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecret {
    /// The one-time token with this id.
    OneTimeToken(Uuid),
    /// The code of the invitation with this id.
    Invitation(Uuid),
}

impl MailSecret {
    /// The word that stands for the kind in storage.
    pub fn kind(self) -> &'static str {
        match self {
            Self::OneTimeToken(_) => "one_time_token",
            Self::Invitation(_) => "invitation",
        }
    }

    /// Whose secret it is.
    pub fn id(self) -> Uuid {
        match self {
            Self::OneTimeToken(id) | Self::Invitation(id) => id,
        }
    }

    /// The secret that stored words stand for.
    pub fn parse(kind: &str, id: Uuid) -> Option<Self> {
        [Self::OneTimeToken(id), Self::Invitation(id)].into_iter().find(|s| s.kind() == kind)
    }
}

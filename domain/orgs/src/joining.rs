/// How people come to belong to an organization (S000-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoiningMode {
    /// Whoever asks belongs at once.
    Open,
    /// Whoever asks waits for somebody to decide.
    ByRequest,
    /// Nobody asks; people are invited.
    InvitationOnly,
}

impl JoiningMode {
    /// Every one there is.
    pub const ALL: [Self; 3] = [Self::Open, Self::ByRequest, Self::InvitationOnly];

    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ByRequest => "by_request",
            Self::InvitationOnly => "invitation_only",
        }
    }

    /// The mode that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// Whose requests go to staff at once; those of others wait for a representative (S002-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketOpeners {
    /// Everybody with an account, who thereby becomes a guest.
    Anyone,
    /// Members, and not guests.
    Members,
    /// Only those who may approve the requests of others.
    Representatives,
}

impl TicketOpeners {
    /// Every one there is.
    pub const ALL: [Self; 3] = [Self::Anyone, Self::Members, Self::Representatives];

    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Members => "members",
            Self::Representatives => "representatives",
        }
    }

    /// The openers that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|openers| openers.as_str() == word)
    }
}

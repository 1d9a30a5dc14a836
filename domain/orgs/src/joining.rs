/// How people join an organization (S000-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoiningMode {
    /// Everyone who asks becomes a member at once.
    Open,
    /// A reviewer decides on each request to join.
    ByRequest,
    /// There are no requests to join; people are invited.
    InvitationOnly,
}

impl JoiningMode {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Open, Self::ByRequest, Self::InvitationOnly];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ByRequest => "by_request",
            Self::InvitationOnly => "invitation_only",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// Whose requests go to staff at once; others are pending approval by a representative (S002-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketOpeners {
    /// Everyone with an account; they become a guest by it.
    Anyone,
    /// Members, but not guests.
    Members,
    /// Only those who may approve the requests of others.
    Representatives,
}

impl TicketOpeners {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Anyone, Self::Members, Self::Representatives];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Members => "members",
            Self::Representatives => "representatives",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|openers| openers.as_str() == word)
    }
}

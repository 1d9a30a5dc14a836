/// What a session has to do before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restriction {
    /// Change the temporary password (R6, S003-1).
    ChangePassword,
    /// Accept the agreements in force (S001-5).
    AcceptAgreements,
}

impl Restriction {
    /// All values.
    pub const ALL: [Self; 2] = [Self::ChangePassword, Self::AcceptAgreements];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangePassword => "change_password",
            Self::AcceptAgreements => "accept_agreements",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

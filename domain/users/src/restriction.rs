/// What a session has to do before it may do anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restriction {
    /// Change a password that somebody else chose (R6, S003-1).
    ChangePassword,
    /// Accept the agreements in force (S001-5).
    AcceptAgreements,
}

impl Restriction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ChangePassword, Self::AcceptAgreements];

    /// The word that stands for it in storage and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangePassword => "change_password",
            Self::AcceptAgreements => "accept_agreements",
        }
    }

    /// The restriction that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

/// What a session has to do before it may do anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restriction {
    /// Change a password that somebody else chose (R6, S003-1).
    ChangePassword,
    /// Accept the agreements in force (S001-5).
    AcceptAgreements,
    /// Set up two-factor log-in, because a role asks for it.
    SetUpTwoFactor,
}

impl Restriction {
    /// All three.
    pub const ALL: [Self; 3] = [Self::ChangePassword, Self::AcceptAgreements, Self::SetUpTwoFactor];

    /// The word that stands for it in storage and in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChangePassword => "change_password",
            Self::AcceptAgreements => "accept_agreements",
            Self::SetUpTwoFactor => "set_up_two_factor",
        }
    }

    /// The restriction that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

use users::{Account, EmailAddress, PersonName};

use crate::{Introduction, Membership};

/// What an organization sees of a member (R15). One account serves all organizations, and an organization
/// that adds an existing account sees none of it until its owner claims the membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// The membership is claimed, or the organization created the account.
    Person(&'a Account),
    /// The membership is unclaimed.
    Introduced(&'a Introduction),
}

impl<'a> Known<'a> {
    /// The account's address, or the one that the organization entered.
    pub fn email(self) -> &'a EmailAddress {
        match self {
            Self::Person(account) => &account.email,
            Self::Introduced(introduction) => &introduction.email,
        }
    }

    /// The account's name, or the one that the organization entered.
    pub fn name(self) -> &'a PersonName {
        match self {
            Self::Person(account) => &account.name,
            Self::Introduced(introduction) => &introduction.name,
        }
    }

    /// The account, unless the membership is unclaimed.
    pub fn account(self) -> Option<&'a Account> {
        match self {
            Self::Person(account) => Some(account),
            Self::Introduced(_) => None,
        }
    }
}

impl Membership {
    /// The membership as an unclaimed one with this introduction; `None`: nothing is hidden from the
    /// organization.
    #[must_use]
    pub fn introduced(self, introduction: Option<Introduction>) -> Self {
        Self { introduction, ..self }
    }

    /// What the organization sees of this member's account.
    pub fn known<'a>(&'a self, account: &'a Account) -> Known<'a> {
        match &self.introduction {
            Some(introduction) => Known::Introduced(introduction),
            None => Known::Person(account),
        }
    }
}

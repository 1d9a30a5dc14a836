use users::{Account, EmailAddress, PersonName};

use crate::{Membership, UnclaimedIdentity};

/// What an organization sees of a member (R15). One account serves all organizations, and an organization
/// that adds an existing account sees none of it until its owner claims the membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownMember<'a> {
    /// The membership is claimed, or the organization created the account.
    Claimed(&'a Account),
    /// The membership is unclaimed.
    Unclaimed(&'a UnclaimedIdentity),
}

impl<'a> ShownMember<'a> {
    /// The account's address, or the one that the organization entered.
    pub fn email(self) -> &'a EmailAddress {
        match self {
            Self::Claimed(account) => &account.email,
            Self::Unclaimed(introduction) => &introduction.email,
        }
    }

    /// The account's name, or the one that the organization entered.
    pub fn name(self) -> &'a PersonName {
        match self {
            Self::Claimed(account) => &account.name,
            Self::Unclaimed(introduction) => &introduction.name,
        }
    }

    /// The account, unless the membership is unclaimed.
    pub fn account(self) -> Option<&'a Account> {
        match self {
            Self::Claimed(account) => Some(account),
            Self::Unclaimed(_) => None,
        }
    }
}

impl Membership {
    /// The membership as an unclaimed one with this introduction; `None`: nothing is hidden from the
    /// organization.
    #[must_use]
    pub fn with_unclaimed(self, introduction: Option<UnclaimedIdentity>) -> Self {
        Self { introduction, ..self }
    }

    /// What the organization sees of this member's account.
    pub fn known<'a>(&'a self, account: &'a Account) -> ShownMember<'a> {
        match &self.introduction {
            Some(introduction) => ShownMember::Unclaimed(introduction),
            None => ShownMember::Claimed(account),
        }
    }
}

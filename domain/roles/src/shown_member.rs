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
            Self::Unclaimed(unclaimed_identity) => &unclaimed_identity.email,
        }
    }

    /// The account's name, or the one that the organization entered.
    pub fn name(self) -> &'a PersonName {
        match self {
            Self::Claimed(account) => &account.name,
            Self::Unclaimed(unclaimed_identity) => &unclaimed_identity.name,
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
    /// The membership as an unclaimed one with this name and address; `None`: nothing is hidden from the
    /// organization.
    #[must_use]
    pub fn with_unclaimed(self, unclaimed_identity: Option<UnclaimedIdentity>) -> Self {
        Self { unclaimed_identity, ..self }
    }

    /// What the organization sees of this member's account.
    pub fn shown_member<'a>(&'a self, account: &'a Account) -> ShownMember<'a> {
        match &self.unclaimed_identity {
            Some(unclaimed_identity) => ShownMember::Unclaimed(unclaimed_identity),
            None => ShownMember::Claimed(account),
        }
    }
}

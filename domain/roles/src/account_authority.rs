use std::collections::BTreeSet;

use thiserror::Error;

/// How far a manager of somebody else's account may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountAuthority {
    /// The account has no permission that the caller lacks.
    is_within_rights: bool,
    /// No other organization has authority over the account, nor, for an organization, the platform.
    is_exclusive: bool,
    /// The account is the caller's own.
    is_own_account: bool,
    /// The organization may see more than the unclaimed membership says.
    is_claimed: bool,
}

/// What an organization's authority over an account depends on.
#[derive(Debug, Clone, Copy)]
pub struct AccountRelations {
    /// The organization created the account.
    pub is_home: bool,
    /// Number of organizations that the account is a member of.
    pub orgs: usize,
    /// Whether the member owns the organization or has a platform role.
    pub is_owner_or_platform_staff: bool,
    /// Whether the member works on requests beyond the caller's reach (S004-19).
    pub reaches_beyond: bool,
    /// Whether the membership is claimed: before, the organization knows only what it entered itself (R15).
    pub is_claimed: bool,
}

/// Why the caller may not act on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccountAuthorityRefused {
    /// The account has permissions that the caller lacks.
    #[error("you cannot act on an account with more rights than your own")]
    AboveOwnRights,
    /// The account does not belong to this organization alone.
    #[error("the account is not managed by this organization alone; platform administrators can do this")]
    Shared,
    /// The membership is unclaimed (R15).
    #[error(
        "the membership is unclaimed; until the person opens this organization, only the data that was sent is visible"
    )]
    Unclaimed,
    /// The account is the caller's own: that takes their password, at the operations below `/me`.
    #[error("you cannot do this to your own account; use the operations below `/me`")]
    OwnAccount,
}

impl AccountAuthority {
    /// Authority of an organization's staff over a member with these permissions and relations. An
    /// organization has full authority only over an account that it created and that has no other membership.
    pub fn by_organization<P: Ord>(
        own: &BTreeSet<P>,
        theirs: &BTreeSet<P>,
        relations: AccountRelations,
    ) -> Self {
        Self {
            is_within_rights: theirs.is_subset(own) && !relations.reaches_beyond,
            is_exclusive: relations.is_home && relations.orgs <= 1 && !relations.is_owner_or_platform_staff,
            is_own_account: false,
            is_claimed: relations.is_claimed,
        }
    }

    /// Authority of platform administrators over an account with these platform permissions.
    pub fn by_platform<P: PartialEq>(own: &[P], theirs: &[P]) -> Self {
        Self {
            is_within_rights: theirs.iter().all(|p| own.contains(p)),
            is_exclusive: true,
            is_own_account: false,
            is_claimed: true,
        }
    }

    /// The same authority, for the caller's own account if `is_own_account`.
    #[must_use]
    pub fn for_own_account(self, is_own_account: bool) -> Self {
        Self { is_own_account, ..self }
    }

    /// Whether the account is the caller's own.
    pub fn is_own_account(self) -> bool {
        self.is_own_account
    }

    /// Requires an account that the caller may view.
    pub fn may_view(self) -> Result<(), AccountAuthorityRefused> {
        if self.is_claimed { Ok(()) } else { Err(AccountAuthorityRefused::Unclaimed) }
    }

    /// Requires that the caller may assist: acts that only the account's owner profits from, such as a link
    /// to the address on file or the end of a lock.
    pub fn may_assist(self) -> Result<(), AccountAuthorityRefused> {
        self.may_view()?;
        match self {
            Self { is_own_account: true, .. } => Err(AccountAuthorityRefused::OwnAccount),
            Self { is_within_rights: false, .. } => Err(AccountAuthorityRefused::AboveOwnRights),
            _ => Ok(()),
        }
    }

    /// Requires that the caller may modify the account itself, for all organizations that it is a member of.
    pub fn may_modify(self) -> Result<(), AccountAuthorityRefused> {
        self.may_assist()?;
        if self.is_exclusive { Ok(()) } else { Err(AccountAuthorityRefused::Shared) }
    }

    /// Whether the caller sees the whole account, and not only what concerns their organization.
    pub fn sees_all(self) -> bool {
        self.is_exclusive && self.is_claimed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_modifies_only_accounts_without_other_organizations() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let relations = AccountRelations {
            is_home: true,
            orgs: 1,
            is_owner_or_platform_staff: false,
            reaches_beyond: false,
            is_claimed: true,
        };
        let alone = AccountAuthority::by_organization(&many, &few, relations);
        assert_eq!((alone.may_assist(), alone.may_modify(), alone.sees_all()), (Ok(()), Ok(()), true));
        let others = [
            AccountRelations { orgs: 2, ..relations },
            AccountRelations { is_owner_or_platform_staff: true, ..relations },
            AccountRelations { is_home: false, ..relations },
        ];
        for relations in others {
            let shared = AccountAuthority::by_organization(&many, &few, relations);
            assert_eq!(
                (shared.may_assist(), shared.may_modify()),
                (Ok(()), Err(AccountAuthorityRefused::Shared))
            );
            assert!(!shared.sees_all());
        }
    }

    #[test]
    fn an_unclaimed_membership_allows_neither_view_nor_change() {
        let rights = BTreeSet::from([1]);
        let relations = AccountRelations {
            is_home: false,
            orgs: 2,
            is_owner_or_platform_staff: false,
            reaches_beyond: false,
            is_claimed: false,
        };
        let account_authority = AccountAuthority::by_organization(&rights, &rights, relations);
        assert_eq!(account_authority.may_view(), Err(AccountAuthorityRefused::Unclaimed));
        assert_eq!(
            (account_authority.may_assist(), account_authority.may_modify()),
            (account_authority.may_view(), account_authority.may_view())
        );
        let claimed = AccountAuthority::by_organization(
            &rights,
            &rights,
            AccountRelations { is_claimed: true, ..relations },
        );
        assert_eq!((claimed.may_view(), claimed.may_assist()), (Ok(()), Ok(())));
    }

    #[test]
    fn an_account_with_more_permissions_is_refused() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let above = AccountAuthority::by_organization(
            &few,
            &many,
            AccountRelations {
                is_home: true,
                orgs: 1,
                is_owner_or_platform_staff: false,
                reaches_beyond: false,
                is_claimed: true,
            },
        );
        assert_eq!(above.may_assist(), Err(AccountAuthorityRefused::AboveOwnRights));
        assert_eq!(
            AccountAuthority::by_platform(&[1], &[1, 2]).may_modify(),
            Err(AccountAuthorityRefused::AboveOwnRights)
        );
        let within = AccountAuthority::by_platform(&[1, 2], &[1]);
        assert_eq!(within.may_modify(), Ok(()));
        assert_eq!(within.for_own_account(true).may_assist(), Err(AccountAuthorityRefused::OwnAccount));
    }
}

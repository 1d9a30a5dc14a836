use std::collections::BTreeSet;

use thiserror::Error;

/// How far somebody may go who looks after another person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountAuthority {
    /// The person has no right that the carer lacks.
    is_within_rights: bool,
    /// Nobody else has a say in the account: neither another organization nor, for an organization, the platform.
    is_undivided: bool,
    /// It is one's own.
    is_ones_own: bool,
    /// Whether more is known of it than whoever added the person sent.
    is_known: bool,
}

/// What an organization's say in an account depends on.
#[derive(Debug, Clone, Copy)]
pub struct AccountRelations {
    /// The organization made the account for its owner.
    pub is_home: bool,
    /// To how many organizations he belongs.
    pub orgs: usize,
    /// Whether he is an owner of this one, or has a say in the platform.
    pub has_a_say: bool,
    /// Whether he works on requests that the carer does not reach (S004-19).
    pub reaches_beyond: bool,
    /// Whether the organization knows more of him than was sent when he was added (R15).
    pub is_known: bool,
}

/// Why somebody may not act on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccountAuthorityRefused {
    /// Nobody acts on the account of somebody with more rights than his own.
    #[error("nobody acts on the account of somebody with more rights than his own")]
    AboveOwnRights,
    /// An organization would decide for another one.
    #[error(
        "this organization did not make the account, or others know it, too; platform administrators can do this"
    )]
    Shared,
    /// The person was added, and has not come yet (R15).
    #[error(
        "this person had an account before he was added, and has not come here yet; until he does the organization knows what was sent of him"
    )]
    NotKnownYet,
    /// What one does to one's own account takes one's own password.
    #[error("nobody does this to his own account; see the operations below `/me`")]
    OnesOwn,
}

impl AccountAuthority {
    /// By staff of an organization, for a member with these rights and ties. Only an account that the organization made
    /// itself, and no other knows, is its alone: whoever came with an account of his own keeps it to himself.
    pub fn by_organization<P: Ord>(
        own: &BTreeSet<P>,
        theirs: &BTreeSet<P>,
        relations: AccountRelations,
    ) -> Self {
        Self {
            is_within_rights: theirs.is_subset(own) && !relations.reaches_beyond,
            is_undivided: relations.is_home && relations.orgs <= 1 && !relations.has_a_say,
            is_ones_own: false,
            is_known: relations.is_known,
        }
    }

    /// By platform administrators, for an account with these platform permissions.
    pub fn by_platform<P: PartialEq>(own: &[P], theirs: &[P]) -> Self {
        Self {
            is_within_rights: theirs.iter().all(|p| own.contains(p)),
            is_undivided: true,
            is_ones_own: false,
            is_known: true,
        }
    }

    /// The same for the account of who acts.
    #[must_use]
    pub fn of_oneself(self, is_ones_own: bool) -> Self {
        Self { is_ones_own, ..self }
    }

    /// Whether the account is the caller's own.
    pub fn is_ones_own(self) -> bool {
        self.is_ones_own
    }

    /// Goes on if the account may be looked at.
    pub fn may_view(self) -> Result<(), AccountAuthorityRefused> {
        if self.is_known { Ok(()) } else { Err(AccountAuthorityRefused::NotKnownYet) }
    }

    /// Goes on if it is help that gives nobody but the person anything: a link to the address on file, an end to waiting.
    pub fn may_assist(self) -> Result<(), AccountAuthorityRefused> {
        self.may_view()?;
        match self {
            Self { is_ones_own: true, .. } => Err(AccountAuthorityRefused::OnesOwn),
            Self { is_within_rights: false, .. } => Err(AccountAuthorityRefused::AboveOwnRights),
            _ => Ok(()),
        }
    }

    /// Goes on if it changes the account itself, for all organizations that know it.
    pub fn may_modify(self) -> Result<(), AccountAuthorityRefused> {
        self.may_assist()?;
        if self.is_undivided { Ok(()) } else { Err(AccountAuthorityRefused::Shared) }
    }

    /// Whether all that is known of the account is shown, and not just what concerns the organization.
    pub fn sees_all(self) -> bool {
        self.is_undivided && self.is_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_acts_on_accounts_that_are_its_alone() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let relations = AccountRelations {
            is_home: true,
            orgs: 1,
            has_a_say: false,
            reaches_beyond: false,
            is_known: true,
        };
        let alone = AccountAuthority::by_organization(&many, &few, relations);
        assert_eq!((alone.may_assist(), alone.may_modify(), alone.sees_all()), (Ok(()), Ok(()), true));
        let others = [
            AccountRelations { orgs: 2, ..relations },
            AccountRelations { has_a_say: true, ..relations },
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
    fn nothing_is_done_or_seen_before_the_person_has_come() {
        let rights = BTreeSet::from([1]);
        let relations = AccountRelations {
            is_home: false,
            orgs: 2,
            has_a_say: false,
            reaches_beyond: false,
            is_known: false,
        };
        let account_authority = AccountAuthority::by_organization(&rights, &rights, relations);
        assert_eq!(account_authority.may_view(), Err(AccountAuthorityRefused::NotKnownYet));
        assert_eq!(
            (account_authority.may_assist(), account_authority.may_modify()),
            (account_authority.may_view(), account_authority.may_view())
        );
        let once_come = AccountAuthority::by_organization(
            &rights,
            &rights,
            AccountRelations { is_known: true, ..relations },
        );
        assert_eq!((once_come.may_view(), once_come.may_assist()), (Ok(()), Ok(())));
    }

    #[test]
    fn nobody_acts_on_an_account_above_his_own_rights() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let above = AccountAuthority::by_organization(
            &few,
            &many,
            AccountRelations {
                is_home: true,
                orgs: 1,
                has_a_say: false,
                reaches_beyond: false,
                is_known: true,
            },
        );
        assert_eq!(above.may_assist(), Err(AccountAuthorityRefused::AboveOwnRights));
        assert_eq!(
            AccountAuthority::by_platform(&[1], &[1, 2]).may_modify(),
            Err(AccountAuthorityRefused::AboveOwnRights)
        );
        let within = AccountAuthority::by_platform(&[1, 2], &[1]);
        assert_eq!(within.may_modify(), Ok(()));
        assert_eq!(within.of_oneself(true).may_assist(), Err(AccountAuthorityRefused::OnesOwn));
    }
}

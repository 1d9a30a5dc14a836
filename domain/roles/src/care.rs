use std::collections::BTreeSet;

use thiserror::Error;

/// How far somebody may go who looks after another person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    /// The person has no right that the carer lacks.
    is_within_rights: bool,
    /// Nobody else has a say in the account: neither another organization nor, for an organization, the installation.
    is_undivided: bool,
    /// It is one's own.
    is_ones_own: bool,
    /// Whether more is known of it than whoever added the person sent.
    is_known: bool,
}

/// What an organization's say in an account depends on.
#[derive(Debug, Clone, Copy)]
pub struct Ties {
    /// The organization made the account for its owner.
    pub is_home: bool,
    /// To how many organizations he belongs.
    pub orgs: usize,
    /// Whether he is an owner of this one, or has a say in the installation.
    pub has_a_say: bool,
    /// Whether he works on requests that the carer does not reach (S004-19).
    pub reaches_beyond: bool,
    /// Whether the organization knows more of him than was sent when he was added (R15).
    pub is_known: bool,
}

/// Why somebody may not act on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CareRefused {
    /// Nobody acts on the account of somebody with more rights than his own.
    #[error("nobody acts on the account of somebody with more rights than his own")]
    AboveOwnRights,
    /// An organization would decide for another one.
    #[error(
        "this organization did not make the account, or others know it, too; those who run the installation can do this"
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

impl Care {
    /// By staff of an organization, for a member with these rights and ties. Only an account that the organization made
    /// itself, and no other knows, is its alone: whoever came with an account of his own keeps it to himself.
    pub fn by_organization<P: Ord>(own: &BTreeSet<P>, theirs: &BTreeSet<P>, ties: Ties) -> Self {
        Self {
            is_within_rights: theirs.is_subset(own) && !ties.reaches_beyond,
            is_undivided: ties.is_home && ties.orgs <= 1 && !ties.has_a_say,
            is_ones_own: false,
            is_known: ties.is_known,
        }
    }

    /// By those who run the installation, for an account with these platform permissions.
    pub fn by_installation<P: PartialEq>(own: &[P], theirs: &[P]) -> Self {
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
    pub fn may_look(self) -> Result<(), CareRefused> {
        if self.is_known { Ok(()) } else { Err(CareRefused::NotKnownYet) }
    }

    /// Goes on if it is help that gives nobody but the person anything: a link to the address on file, an end to waiting.
    pub fn may_help(self) -> Result<(), CareRefused> {
        self.may_look()?;
        match self {
            Self { is_ones_own: true, .. } => Err(CareRefused::OnesOwn),
            Self { is_within_rights: false, .. } => Err(CareRefused::AboveOwnRights),
            _ => Ok(()),
        }
    }

    /// Goes on if it changes the account itself, for all organizations that know it.
    pub fn may_change(self) -> Result<(), CareRefused> {
        self.may_help()?;
        if self.is_undivided { Ok(()) } else { Err(CareRefused::Shared) }
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
        let ties = Ties { is_home: true, orgs: 1, has_a_say: false, reaches_beyond: false, is_known: true };
        let alone = Care::by_organization(&many, &few, ties);
        assert_eq!((alone.may_help(), alone.may_change(), alone.sees_all()), (Ok(()), Ok(()), true));
        let others =
            [Ties { orgs: 2, ..ties }, Ties { has_a_say: true, ..ties }, Ties { is_home: false, ..ties }];
        for ties in others {
            let shared = Care::by_organization(&many, &few, ties);
            assert_eq!((shared.may_help(), shared.may_change()), (Ok(()), Err(CareRefused::Shared)));
            assert!(!shared.sees_all());
        }
    }

    #[test]
    fn nothing_is_done_or_seen_before_the_person_has_come() {
        let rights = BTreeSet::from([1]);
        let ties = Ties { is_home: false, orgs: 2, has_a_say: false, reaches_beyond: false, is_known: false };
        let care = Care::by_organization(&rights, &rights, ties);
        assert_eq!(care.may_look(), Err(CareRefused::NotKnownYet));
        assert_eq!((care.may_help(), care.may_change()), (care.may_look(), care.may_look()));
        let once_come = Care::by_organization(&rights, &rights, Ties { is_known: true, ..ties });
        assert_eq!((once_come.may_look(), once_come.may_help()), (Ok(()), Ok(())));
    }

    #[test]
    fn nobody_acts_on_an_account_above_his_own_rights() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let above = Care::by_organization(
            &few,
            &many,
            Ties { is_home: true, orgs: 1, has_a_say: false, reaches_beyond: false, is_known: true },
        );
        assert_eq!(above.may_help(), Err(CareRefused::AboveOwnRights));
        assert_eq!(Care::by_installation(&[1], &[1, 2]).may_change(), Err(CareRefused::AboveOwnRights));
        let within = Care::by_installation(&[1, 2], &[1]);
        assert_eq!(within.may_change(), Ok(()));
        assert_eq!(within.of_oneself(true).may_help(), Err(CareRefused::OnesOwn));
    }
}

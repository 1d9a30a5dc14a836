use std::collections::BTreeSet;

use thiserror::Error;

/// How far somebody may go who looks after another person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    /// The person has no right that the carer lacks.
    is_within_rights: bool,
    /// Nobody else has a say in the account: neither another organization nor, for an organization, the installation.
    is_undivided: bool,
}

/// Why somebody may not act on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CareRefused {
    /// Nobody acts on the account of somebody with more rights than his own.
    #[error("nobody acts on the account of somebody with more rights than his own")]
    AboveOwnRights,
    /// An organization would decide for another one.
    #[error("the account is not this organization's alone; those who run the installation can do this")]
    Shared,
}

impl Care {
    /// By staff of an organization, for a member with these rights who belongs to so many organizations.
    pub fn by_organization<P: Ord>(
        own: &BTreeSet<P>,
        theirs: &BTreeSet<P>,
        orgs: usize,
        has_platform_role: bool,
    ) -> Self {
        Self { is_within_rights: theirs.is_subset(own), is_undivided: orgs <= 1 && !has_platform_role }
    }

    /// By those who run the installation, for an account with these platform permissions.
    pub fn by_installation<P: PartialEq>(own: &[P], theirs: &[P]) -> Self {
        Self { is_within_rights: theirs.iter().all(|p| own.contains(p)), is_undivided: true }
    }

    /// Goes on if it is help that gives nobody but the person anything: a link to the address on file, an end to waiting.
    pub fn may_help(self) -> Result<(), CareRefused> {
        if self.is_within_rights { Ok(()) } else { Err(CareRefused::AboveOwnRights) }
    }

    /// Goes on if it changes the account itself, for all organizations that know it.
    pub fn may_change(self) -> Result<(), CareRefused> {
        self.may_help()?;
        if self.is_undivided { Ok(()) } else { Err(CareRefused::Shared) }
    }

    /// Whether all that is known of the account is shown, and not just what concerns the organization.
    pub fn sees_all(self) -> bool {
        self.is_undivided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_acts_on_accounts_that_are_its_alone() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let alone = Care::by_organization(&many, &few, 1, false);
        assert_eq!((alone.may_help(), alone.may_change(), alone.sees_all()), (Ok(()), Ok(()), true));
        for shared in
            [Care::by_organization(&many, &few, 2, false), Care::by_organization(&many, &few, 1, true)]
        {
            assert_eq!((shared.may_help(), shared.may_change()), (Ok(()), Err(CareRefused::Shared)));
            assert!(!shared.sees_all());
        }
    }

    #[test]
    fn nobody_acts_on_an_account_above_his_own_rights() {
        let (few, many) = (BTreeSet::from([1]), BTreeSet::from([1, 2]));
        let above = Care::by_organization(&few, &many, 1, false);
        assert_eq!(above.may_help(), Err(CareRefused::AboveOwnRights));
        assert_eq!(Care::by_installation(&[1], &[1, 2]).may_change(), Err(CareRefused::AboveOwnRights));
        assert_eq!(Care::by_installation(&[1, 2], &[1]).may_change(), Ok(()));
    }
}

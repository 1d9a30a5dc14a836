use mail::MailKind;
use orgs::OrgId;
use persistence::{AccountEvent, MemberCaller, StoreError, Tx};
use roles::{Actor, AddressUnproved, Care, CareRefused, Ties};
use tickets::StaffScope;
use users::{Account, MoveRefused, Suspension, UserId};

use crate::mail::Letter;
use crate::problem::{Code, Problem, sentence};
use crate::work::{SignedIn, Work, happened};

/// Somebody's account as those have it before them who look after it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) account: Account,
    /// The organization in whose name they do; `None`: the installation.
    pub(crate) org: Option<OrgId>,
    pub(crate) care: Care,
    /// The requests of the organization that whoever looks may be told of.
    pub(super) reach: StaffScope,
}

impl Case {
    /// A mail to the person, in the name of whoever looks after him.
    pub(crate) fn letter(&self, kind: MailKind) -> Letter {
        Letter::to(&self.account, kind).from(self.org)
    }

    /// The mail that tells of a suspension.
    pub(crate) fn letter_of(&self, suspension: &Suspension) -> Letter {
        let letter = self.letter(MailKind::AccountSuspended).telling("reason", &suspension.reason);
        match suspension.until {
            Some(until) => letter.telling_when("until", until),
            None => letter,
        }
    }

    /// The organization whose staff look, and which never sees what was done in the name of another.
    pub(crate) fn limited_to(&self) -> Option<OrgId> {
        self.org
    }

    /// In whose name a mail goes out that lets its reader into the account: in that of an organization only if the account
    /// is its alone, since its words are in the hands of its staff.
    pub(super) fn name_on_links(&self) -> Option<OrgId> {
        self.org.filter(|_| self.care.sees_all())
    }
}

impl Work<'_, '_, SignedIn> {
    /// The account with this id, or 404.
    pub(crate) fn case(&mut self, user: UserId) -> Result<Case, Problem> {
        let account = self.tx.account(user)?.ok_or_else(Problem::not_found)?;
        let theirs = self.tx.platform_permissions(user)?;
        let care = Care::by_installation(&self.who.platform, &theirs).of_oneself(user == self.who.user_id());
        Ok(Case { account, org: None, care, reach: StaffScope::All })
    }
}

impl Work<'_, '_, Actor> {
    /// The account of a member of the organization, or 404.
    pub(crate) fn case(&mut self, user: UserId) -> Result<Case, Problem> {
        self.case_and_caller(user).map(|(case, _)| case)
    }

    /// The same, and the member as he calls himself.
    pub(super) fn case_and_caller(&mut self, user: UserId) -> Result<(Case, MemberCaller), Problem> {
        let org = self.who.org_id;
        let member = self.tx.members(org).find(user)?.ok_or_else(Problem::not_found)?;
        let caller = self.tx.member_caller(org, user)?.ok_or_else(Problem::not_found)?;
        let theirs = &caller.actor;
        let ties = Ties {
            is_home: self.tx.home_of(user)? == Some(org),
            orgs: self.orgs_that_know(&member.account)?,
            reaches_beyond: self.who.is_exceeded_by(&theirs.permissions, theirs.reach, &theirs.locations),
            is_known: member.membership.introduction.is_none(),
            has_a_say: member.membership.is_owner() || !self.tx.platform_roles(user)?.is_empty(),
        };
        let care = Care::by_organization(&self.who.permissions, &theirs.permissions, ties)
            .of_oneself(user == self.who.user_id);
        let reach = StaffScope::told_to(&self.who);
        Ok((Case { account: member.account, org: Some(org), care, reach }, caller))
    }
}

impl<W> Work<'_, '_, W> {
    /// To how many organizations the owner of an account belongs. What others gave an account without a proved address is
    /// nobody's yet (R18).
    fn orgs_that_know(&mut self, account: &Account) -> Result<usize, Problem> {
        let is_proved = account.is_address_proved();
        Ok(self.tx.for_installation(|tx| match is_proved {
            true => tx.count_orgs_of(account.id),
            false => tx.count_claimed_orgs_of(account.id),
        })?)
    }

    /// Something that is done to the account, for its history.
    pub(crate) fn noted(&self, kind: &'static str, case: &Case, reason: Option<&str>) -> AccountEvent {
        AccountEvent {
            org: case.org,
            reason: reason.map(str::to_owned),
            ..happened(kind, case.account.id, self.head)
        }
    }

    /// Keeps the account as it is now, with what was done to it.
    pub(crate) fn keep_account(
        &mut self,
        case: &Case,
        after: Account,
        event: &AccountEvent,
    ) -> Result<Case, Problem> {
        self.tx.save_account(&after)?;
        self.tx.record_account(event)?;
        let account = Account { version: after.version + 1, ..after };
        Ok(Case { account, ..case.clone() })
    }

    /// Reads what is known of the account, as far as those who look after it may: an organization sees beyond its own
    /// records only if the account is its alone.
    pub(crate) fn look<T>(
        &mut self,
        case: &Case,
        read: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Problem> {
        if case.org.is_some() && case.care.sees_all() {
            Ok(self.tx.for_installation(read)?)
        } else {
            Ok(read(self.tx)?)
        }
    }
}

impl From<CareRefused> for Problem {
    fn from(refused: CareRefused) -> Self {
        let code = match refused {
            CareRefused::AboveOwnRights | CareRefused::OnesOwn => Code::Forbidden,
            CareRefused::NotKnownYet => Code::PersonNotHereYet,
            CareRefused::Shared => Code::AccountShared,
        };
        Self::new(code, sentence(&refused))
    }
}

impl From<AddressUnproved> for Problem {
    fn from(refused: AddressUnproved) -> Self {
        Self::new(Code::AddressUnproved, sentence(&refused))
    }
}

impl From<MoveRefused> for Problem {
    fn from(refused: MoveRefused) -> Self {
        Self::new(Code::InvalidTransition, sentence(&refused))
    }
}

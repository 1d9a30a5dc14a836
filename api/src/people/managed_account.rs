use mail::MailKind;
use orgs::OrgId;
use persistence::{AccountEvent, MemberCaller, StoreError, Tx};
use roles::{AccountAuthority, AccountAuthorityRefused, AccountRelations, Actor, AddressUnproved};
use tickets::StaffScope;
use users::{Account, Suspension, TransitionRefused, UserId};

use crate::context::{Context, SignedIn, account_event};
use crate::mail::OutgoingMail;
use crate::problem::{Code, Problem, sentence};

/// Somebody's account as those have it before them who look after it.
#[derive(Clone)]
pub(crate) struct ManagedAccount {
    pub(crate) account: Account,
    /// The organization in whose name they do; `None`: the platform.
    pub(crate) org: Option<OrgId>,
    pub(crate) authority: AccountAuthority,
    /// The requests of the organization that whoever looks may be told of.
    pub(super) reach: StaffScope,
}

impl ManagedAccount {
    /// A mail to the person, in the name of whoever looks after him.
    pub(crate) fn outgoing_mail(&self, kind: MailKind) -> OutgoingMail {
        OutgoingMail::to(&self.account, kind).from(self.org)
    }

    /// The mail that tells of a suspension.
    pub(crate) fn suspension_mail(&self, suspension: &Suspension) -> OutgoingMail {
        let outgoing = self.outgoing_mail(MailKind::AccountSuspended).variable("reason", &suspension.reason);
        match suspension.until {
            Some(until) => outgoing.time("until", until),
            None => outgoing,
        }
    }

    /// The organization whose staff look, and which never sees what was done in the name of another.
    pub(crate) fn limited_to(&self) -> Option<OrgId> {
        self.org
    }

    /// In whose name a mail goes out that lets its reader into the account: in that of an organization only if the account
    /// is its alone, since its words are in the hands of its staff.
    pub(super) fn name_on_links(&self) -> Option<OrgId> {
        self.org.filter(|_| self.authority.sees_all())
    }
}

impl Context<'_, '_, SignedIn> {
    /// The account with this id, or 404.
    pub(crate) fn managed_account(&mut self, user: UserId) -> Result<ManagedAccount, Problem> {
        let account = self.tx.account(user)?.ok_or_else(Problem::not_found)?;
        let theirs = self.tx.platform_permissions(user)?;
        let authority = AccountAuthority::by_platform(&self.caller.platform, &theirs)
            .of_oneself(user == self.caller.user_id());
        Ok(ManagedAccount { account, org: None, authority, reach: StaffScope::All })
    }
}

impl Context<'_, '_, Actor> {
    /// The account of a member of the organization, or 404.
    pub(crate) fn managed_account(&mut self, user: UserId) -> Result<ManagedAccount, Problem> {
        self.managed_account_and_caller(user).map(|(managed, _)| managed)
    }

    /// The same, and the member as he calls himself.
    pub(super) fn managed_account_and_caller(
        &mut self,
        user: UserId,
    ) -> Result<(ManagedAccount, MemberCaller), Problem> {
        let org = self.caller.org_id;
        let member = self.tx.members(org).find(user)?.ok_or_else(Problem::not_found)?;
        let caller = self.tx.member_caller(org, user)?.ok_or_else(Problem::not_found)?;
        let theirs = &caller.actor;
        let relations = AccountRelations {
            is_home: self.tx.home_of(user)? == Some(org),
            orgs: self.orgs_that_know(&member.account)?,
            reaches_beyond: self.caller.is_exceeded_by(&theirs.permissions, theirs.reach, &theirs.locations),
            is_known: member.membership.introduction.is_none(),
            has_a_say: member.membership.is_owner() || !self.tx.platform_roles(user)?.is_empty(),
        };
        let authority =
            AccountAuthority::by_organization(&self.caller.permissions, &theirs.permissions, relations)
                .of_oneself(user == self.caller.user_id);
        let reach = StaffScope::told_to(&self.caller);
        Ok((ManagedAccount { account: member.account, org: Some(org), authority, reach }, caller))
    }
}

impl<W> Context<'_, '_, W> {
    /// To how many organizations the owner of an account belongs. What others gave an account without a proved address is
    /// nobody's yet (R18).
    fn orgs_that_know(&mut self, account: &Account) -> Result<usize, Problem> {
        let is_proved = account.is_address_proved();
        Ok(self.tx.for_platform(|tx| match is_proved {
            true => tx.count_orgs_of(account.id),
            false => tx.count_claimed_orgs_of(account.id),
        })?)
    }

    /// Something that is done to the account, for its history.
    pub(crate) fn event_of(
        &self,
        kind: &'static str,
        managed: &ManagedAccount,
        reason: Option<&str>,
    ) -> AccountEvent {
        AccountEvent {
            org: managed.org,
            reason: reason.map(str::to_owned),
            ..account_event(kind, managed.account.id, self.head)
        }
    }

    /// Keeps the account as it is now, with what was done to it.
    pub(crate) fn save_managed_account(
        &mut self,
        managed: &ManagedAccount,
        after: Account,
        event: &AccountEvent,
    ) -> Result<ManagedAccount, Problem> {
        self.tx.save_account(&after)?;
        self.tx.record_account(event)?;
        let account = Account { version: after.version + 1, ..after };
        Ok(ManagedAccount { account, ..managed.clone() })
    }

    /// Reads what is known of the account, as far as those who look after it may: an organization sees beyond its own
    /// records only if the account is its alone.
    pub(crate) fn access<T>(
        &mut self,
        managed: &ManagedAccount,
        read: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Problem> {
        if managed.org.is_some() && managed.authority.sees_all() {
            Ok(self.tx.for_platform(read)?)
        } else {
            Ok(read(self.tx)?)
        }
    }
}

impl From<AccountAuthorityRefused> for Problem {
    fn from(refused: AccountAuthorityRefused) -> Self {
        let code = match refused {
            AccountAuthorityRefused::AboveOwnRights | AccountAuthorityRefused::OnesOwn => Code::Forbidden,
            AccountAuthorityRefused::NotKnownYet => Code::MembershipUnclaimed,
            AccountAuthorityRefused::Shared => Code::AccountShared,
        };
        Self::new(code, sentence(&refused))
    }
}

impl From<AddressUnproved> for Problem {
    fn from(refused: AddressUnproved) -> Self {
        Self::new(Code::AddressUnproved, sentence(&refused))
    }
}

impl From<TransitionRefused> for Problem {
    fn from(refused: TransitionRefused) -> Self {
        Self::new(Code::InvalidTransition, sentence(&refused))
    }
}

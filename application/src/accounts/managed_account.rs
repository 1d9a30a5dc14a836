//! An account as staff see it, with what they may do to it.

use mail::MailKind;
use orgs::OrgId;
use persistence::{AccountEvent, MemberCaller, StoreError, Tx};
use roles::{AccountAuthority, AccountRelations};
use tickets::StaffScope;
use users::{Account, AccountEventKind, Suspension, UserId};

use crate::account_events::account_event;
use crate::context::{Context, SignedIn};
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// An account and the authority that the calling staff have over it.
#[derive(Clone)]
pub struct ManagedAccount {
    /// The account that is managed.
    pub account: Account,
    /// The organization on whose behalf the caller acts. None: the platform.
    pub org: Option<OrgId>,
    /// What the caller may view and do.
    pub authority: AccountAuthority,
    /// The requests of the organization that the caller may learn about.
    pub reach: StaffScope,
}

impl ManagedAccount {
    /// A mail to the person, in the name of the caller's organization or of the platform.
    pub fn outgoing_mail(&self, kind: MailKind) -> OutgoingMail {
        OutgoingMail::to(&self.account, kind).from(self.org)
    }

    /// The mail that notifies of a suspension.
    pub fn suspension_mail(&self, suspension: &Suspension) -> OutgoingMail {
        let outgoing = self.outgoing_mail(MailKind::AccountSuspended).variable("reason", &suspension.reason);
        match suspension.until {
            Some(until) => outgoing.time("until", until),
            None => outgoing,
        }
    }

    /// The only organization whose records the caller may see. None: all organizations.
    pub fn limited_to(&self) -> Option<OrgId> {
        self.org
    }

    /// The sender name of mails that contain a link into the account. An organization sends them in its own name only
    /// if no other organization shares the account, since its staff can edit the templates.
    pub(super) fn name_on_links(&self) -> Option<OrgId> {
        self.org.filter(|_| self.authority.sees_all())
    }
}

/// The account with this id, for platform staff. Returns 404 if it does not exist.
pub fn managed_account_on_platform(
    ctx: &mut Context<'_, '_, SignedIn>,
    user: UserId,
) -> Result<ManagedAccount, Problem> {
    let account = ctx.tx.account(user)?.ok_or_else(Problem::not_found)?;
    let theirs = ctx.tx.platform_permissions(user)?;
    let authority = AccountAuthority::by_platform(&ctx.caller.platform, &theirs)
        .for_own_account(user == ctx.caller.user_id());
    Ok(ManagedAccount { account, org: None, authority, reach: StaffScope::All })
}

/// The account of a member of the organization. Returns 404 if the user is not a member.
pub fn managed_account_in_org(ctx: &mut Context<'_, '_>, user: UserId) -> Result<ManagedAccount, Problem> {
    managed_account_and_caller(ctx, user).map(|(managed, _)| managed)
}

/// As [`managed_account_in_org`], together with the member as a caller.
pub fn managed_account_and_caller(
    ctx: &mut Context<'_, '_>,
    user: UserId,
) -> Result<(ManagedAccount, MemberCaller), Problem> {
    let org = ctx.caller.org_id;
    let member = ctx.tx.members(org).find(user)?.ok_or_else(Problem::not_found)?;
    let caller = ctx.tx.member_caller(org, user)?.ok_or_else(Problem::not_found)?;
    let theirs = &caller.actor;
    let relations = AccountRelations {
        is_home: ctx.tx.home_of(user)? == Some(org),
        orgs: orgs_that_know(ctx, &member.account)?,
        reaches_beyond: ctx.caller.is_exceeded_by(&theirs.permissions, theirs.reach, &theirs.locations),
        is_claimed: member.membership.unclaimed_identity.is_none(),
        is_owner_or_platform_staff: member.membership.is_owner() || !ctx.tx.platform_roles(user)?.is_empty(),
    };
    let authority =
        AccountAuthority::by_organization(&ctx.caller.permissions, &theirs.permissions, relations)
            .for_own_account(user == ctx.caller.user_id);
    let reach = StaffScope::within_reach_of(&ctx.caller);
    Ok((ManagedAccount { account: member.account, org: Some(org), authority, reach }, caller))
}

/// The number of organizations that the account belongs to. Without a proved address, only claimed memberships are
/// counted (R18).
fn orgs_that_know<W>(ctx: &mut Context<'_, '_, W>, account: &Account) -> Result<usize, Problem> {
    let is_proved = account.is_address_proved();
    Ok(ctx.tx.for_platform(|tx| match is_proved {
        true => tx.count_orgs_of(account.id),
        false => tx.count_claimed_orgs_of(account.id),
    })?)
}

/// An act on the account, for its history.
pub fn managed_account_event<W>(
    ctx: &Context<'_, '_, W>,
    kind: AccountEventKind,
    managed: &ManagedAccount,
    reason: Option<&str>,
) -> AccountEvent {
    AccountEvent {
        org: managed.org,
        reason: reason.map(str::to_owned),
        ..account_event(kind, managed.account.id, ctx.origin)
    }
}

/// Saves the changed account, and records the event.
pub fn save_managed_account<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    after: Account,
    event: &AccountEvent,
) -> Result<ManagedAccount, Problem> {
    ctx.tx.save_account(&after)?;
    ctx.tx.record_account(event)?;
    let account = Account { version: after.version + 1, ..after };
    Ok(ManagedAccount { account, ..managed.clone() })
}

/// Reads records of the account within the authority of the caller. An organization reads beyond its own records only
/// if no other organization shares the account.
pub fn read_as_manager<W, T>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    read: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, Problem> {
    if managed.org.is_some() && managed.authority.sees_all() {
        Ok(ctx.tx.for_platform(read)?)
    } else {
        Ok(read(ctx.tx)?)
    }
}

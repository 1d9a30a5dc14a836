//! Notifications and history entries for membership changes by staff.

use mail::MailKind;
use orgs::{Event, EventKind, EventSubject, OrgId};
use persistence::{AccountEvent, Tx};
use roles::{Membership, Role, is_guest};
use users::{Account, AccountEventKind, EmailAddress};

use crate::account_events::account_event;
use crate::clock::now;
use crate::context::{Context, record};
use crate::mail::queue::OutgoingMail;
use crate::origin::Origin;
use crate::problem::Problem;
use crate::tickets::index_requests::index_requests;

/// Saves the membership of a person who joins, either new or as a former guest, and records it in their history
/// (S003-28).
pub fn save_joined_member(
    tx: &mut Tx<'_>,
    origin: &Origin,
    org: OrgId,
    member: &Membership,
    standing: Option<&Membership>,
) -> Result<(), Problem> {
    match standing {
        Some(_) => {
            tx.members(org).save(member)?;
            if tx.members(org).claim(member.user_id, now())?
                && let Some(account) = tx.account(member.user_id)?
            {
                index_requests(tx, &account, &[org])?;
            }
        }
        None => tx.members(org).add(member)?,
    }
    let event = AccountEvent {
        org: Some(org),
        ..account_event(AccountEventKind::MemberAdded, member.user_id, origin)
    };
    note(tx, event, standing, Some(member))?;
    let Some(account) = tx.account(member.user_id)?.filter(|_| belongs(Some(member))) else { return Ok(()) };
    close_open_invitation(tx, origin, (org, &account.email))
}

fn note(
    tx: &mut Tx<'_>,
    event: AccountEvent,
    before: Option<&Membership>,
    after: Option<&Membership>,
) -> Result<(), Problem> {
    let recorded_values =
        |membership: Option<&Membership>| membership.map(Membership::recorded_values).unwrap_or_default();
    let (from, to) = (recorded_values(before), recorded_values(after));
    let fields = Membership::RECORDED_FIELDS.into_iter().zip(from.iter().zip(&to));
    let event = fields.fold(event, |event, (field, (from, to))| event.changed(field, from, to));
    tx.record_account(&event)?;
    Ok(())
}

/// Revokes the open invitation of a person who joined another way, or whose membership ended. Otherwise a removed
/// member could rejoin with an old invitation.
pub fn close_open_invitation(
    tx: &mut Tx<'_>,
    origin: &Origin,
    (org, address): (OrgId, &EmailAddress),
) -> Result<(), Problem> {
    let now = now();
    let Some(open) = tx.open_invitation(Some(org), address, now)? else { return Ok(()) };
    tx.save_invitation(&open.revoke(now)?, None)?;
    let event = Event::new(EventKind::InvitationRevoked, EventSubject::Other("invitation", open.id.0));
    record(tx, origin, (org, origin.user), event, now);
    Ok(())
}

fn belongs(membership: Option<&Membership>) -> bool {
    membership.is_some_and(|membership| !is_guest(&membership.roles))
}

/// Records in a person's history that their membership began, changed or ended, with the reason if one was given
/// (S003-28).
pub fn record_membership(
    ctx: &mut Context<'_, '_>,
    kind: AccountEventKind,
    (before, after): (Option<&Membership>, Option<&Membership>),
    reason: Option<&str>,
) -> Result<(), Problem> {
    let Some(membership) = before.or(after) else { return Ok(()) };
    let user = membership.user_id;
    let reason = reason.map(str::to_owned);
    let event =
        AccountEvent { org: Some(ctx.caller.org_id), reason, ..account_event(kind, user, ctx.origin) };
    note(ctx.tx, event, before, after)?;
    let joins_or_leaves = after.is_none() || !belongs(before) && belongs(after);
    if !joins_or_leaves {
        return Ok(());
    }
    let Some(account) = ctx.tx.account(user)? else { return Ok(()) };
    // The invitation's status must not reveal an address that the organization does not know (R15).
    close_open_invitation(ctx.tx, ctx.origin, (ctx.caller.org_id, membership.shown_member(&account).email()))
}

/// Notifies a member of their current roles, unless they changed them themselves.
pub fn notify_roles(
    ctx: &mut Context<'_, '_>,
    account: &Account,
    after: &Membership,
    known: &[Role],
) -> Result<(), Problem> {
    if account.id == ctx.caller.user_id {
        return Ok(());
    }
    let names = known.iter().filter(|role| after.roles.contains(&role.key)).map(|role| role.name.as_str());
    OutgoingMail::to(account, MailKind::RolesChanged)
        .from(ctx.caller.org_id)
        .variable("roles", names.collect::<Vec<_>>().join(", "))
        .queue(ctx.tx, ctx.now)?;
    Ok(())
}

//! What the holder of an invitation's code may do with it.

use chrono::{DateTime, Utc};
use invitations::{Invitation, InvitationId, InvitationStatus, Offer};
use orgs::{Event, EventKind, EventSubject};
use persistence::{InvitedBy, StoreError, Tx};
use roles::{JoinRefused, Membership, PlatformRole};
use users::{Account, AccountEventKind, UserId};

use super::follow_up::open_follow_up;
use crate::account_events::account_event;
use crate::approvals::critical::on_platform::request_invited_role;
use crate::clock::now;
use crate::context::record;
use crate::keys::hash_of;
use crate::members::membership_changes::save_joined_member;
use crate::one_time_links;
use crate::origin::Origin;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// The invitation of a code, if it can still be decided on. Otherwise 410, whatever the reason (S001-12).
pub fn find(tx: &mut Tx<'_>, code: &str, now: DateTime<Utc>) -> Result<InvitedBy, Problem> {
    let found = tx.invitation_by_code(&hash_of(code))?.ok_or_else(one_time_links::gone)?;
    match found.invitation.status(found.inviter_is_active, now) {
        InvitationStatus::Pending => Ok(found),
        InvitationStatus::Suspended => Err(Problem::new(Code::Conflict, "The inviter is suspended.")),
        _ => Err(one_time_links::gone()),
    }
}

/// Makes the account's owner a member, with what the invitation offers and the inviter may still grant (S001-15).
pub fn accept(
    tx: &mut Tx<'_>,
    found: &InvitedBy,
    account: &Account,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<Invitation, Problem> {
    let accepted = found.invitation.accept(account.id, &account.email, found.inviter_is_active, now)?;
    // The inviter can read the code, so that the code does not prove the address.
    let giver = accepted.org();
    roles::require_proved(account, giver.is_some() && tx.home_of(account.id)? == giver)?;
    let through = tx.senders_of(accepted.id)?;
    tx.set_grantor(accepted.inviter, through, None);
    match &accepted.offer {
        Offer::Membership { org, roles, locations } => {
            tx.enter(*org)?;
            let inviter = tx.member_caller(*org, accepted.inviter)?.ok_or_else(no_longer)?.actor;
            let known = tx.roles(*org).all()?;
            roles::may_invite(&inviter, roles, locations, &known).map_err(|_| no_longer())?;
            tx.members(*org).lock_memberships()?;
            // Of many concurrent acceptances, those that waited for the lock find it decided when they run again.
            let now_there = tx.invitation(Some(*org), accepted.id)?;
            if now_there.is_none_or(|found| found.invitation.version != accepted.version) {
                return Err(StoreError::Stale.into());
            }
            let still_there = tx.locations(*org).in_use()?.intersection(locations).copied().collect();
            let standing = tx.members(*org).find(account.id)?.map(|member| member.membership.as_of(now));
            let joined = Membership::join(
                standing.as_ref(),
                account.id,
                roles.clone(),
                still_there,
                inviter.reach,
                now,
            );
            let (membership, event) = joined.map_err(JoinRefused::from)?;
            tx.save_invitation(&accepted, None)?;
            save_joined_member(tx, origin, *org, &membership, standing.as_ref())?;
            for event in [event, invitation_event(EventKind::InvitationAccepted, accepted.id)] {
                record(tx, origin, (*org, Some(account.id)), event, now);
            }
        }
        Offer::Platform(role) => {
            if !PlatformRole::may_be_offered(*role, &tx.platform_permissions(accepted.inviter)?) {
                return Err(no_longer());
            }
            if let Some(role) = role {
                let through = tx.senders_of(accepted.id)?;
                request_invited_role(tx, accepted.inviter, account.id, *role, through, now)?;
            }
            tx.save_invitation(&accepted, None)?;
        }
    }
    check_joining(tx, &accepted, account.id, origin)?;
    tx.record_account(&account_event(AccountEventKind::InvitationAccepted, account.id, origin))?;
    Ok(accepted)
}

/// Compares the membership with the offer right after the person joined (S001-48).
fn check_joining(
    tx: &mut Tx<'_>,
    accepted: &Invitation,
    user: UserId,
    origin: &Origin,
) -> Result<(), Problem> {
    let Some(org) = accepted.org() else { return Ok(()) };
    let member = tx.members(org).find(user)?;
    let differences = accepted.differences(member.as_ref().map(|member| &member.membership));
    if !differences.is_empty() {
        let kept = Invitation { version: accepted.version + 1, ..accepted.clone() };
        open_follow_up(tx, origin, &kept, (accepted.inviter, user), &differences)?;
    }
    Ok(())
}

/// Accepts the invitations that the person registered with, once the address is confirmed. An invitation that can no
/// longer be accepted does not prevent the account.
pub fn accept_claimed(tx: &mut Tx<'_>, account: &Account, origin: &Origin) -> Result<(), Problem> {
    for found in tx.invitations_claimed_by(account.id)? {
        match accept(tx, &found, account, origin, now()) {
            Err(problem) if problem.cause().is_none() && problem.code() != Code::InternalError => {
                log::info!(
                    "invitation.not_accepted id={} code={}",
                    origin.request_id,
                    problem.code().as_str()
                );
            }
            other => drop(other?),
        }
    }
    Ok(())
}

/// Records in the organization's log that the invitation was declined. The actor is unknown.
pub fn record_decline(tx: &mut Tx<'_>, declined: &Invitation, origin: &Origin) -> Result<(), Problem> {
    if let Some(org) = declined.org() {
        tx.enter(org)?;
        record(tx, origin, (org, None), invitation_event(EventKind::InvitationDeclined, declined.id), now());
    }
    Ok(())
}

fn invitation_event(what: EventKind, id: InvitationId) -> Event {
    Event::new(what, EventSubject::Other("invitation", id.0))
}

fn no_longer() -> Problem {
    Problem::new(Code::Conflict, "The inviter may no longer grant what the invitation offers.")
}

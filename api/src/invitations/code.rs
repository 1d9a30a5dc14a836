//! What whoever holds the code of an invitation may do with it.

use invitations::{Decision, Invitation, InvitationStatus, Offer};
use orgs::OrgId;
use persistence::{InvitedBy, LogEntry, Tx};
use roles::{
    Approval, ApprovalId, CriticalChange, Membership, PlatformPermission, PlatformRole, TicketReach,
};
use serde::Deserialize;
use users::Account;
use utoipa::ToSchema;

use crate::keys::hash_of;
use crate::one_time;
use crate::problem::{Code, Problem};
use crate::work::{happened_apart, new_id};

/// The code of an invitation.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"code": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y"}))]
pub(crate) struct InvitationCode {
    /// From the link or the text of the mail.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) code: String,
}

/// The invitation that a code opens, if it can still be decided on; else 410, whatever became of it (S001-12).
pub(crate) fn find(
    tx: &mut Tx<'_>,
    code: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<InvitedBy, Problem> {
    let found = tx.invitation_by_code(&hash_of(code))?.ok_or_else(one_time::gone)?;
    match found.invitation.status(found.inviter_is_active, now) {
        InvitationStatus::Pending => Ok(found),
        InvitationStatus::Suspended => {
            Err(Problem::new(Code::Conflict, "The invitation waits for whoever sent it."))
        }
        _ => Err(one_time::gone()),
    }
}

/// Lets the owner of the account in, as the invitation offers and its inviter may still give (S001-15).
pub(crate) fn accept(
    tx: &mut Tx<'_>,
    found: &InvitedBy,
    account: &Account,
    request_id: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Invitation, Problem> {
    let accepted = found.invitation.accept(account.id, &account.email, found.inviter_is_active, now)?;
    match &accepted.offer {
        Offer::Membership { org, roles, locations } => {
            tx.enter(*org)?;
            tx.org(*org)?.filter(|org| org.is_active).ok_or_else(no_longer)?;
            let inviter = tx.member_caller(*org, accepted.inviter)?.ok_or_else(no_longer)?;
            let known = tx.roles(*org).all()?;
            roles::may_invite(&inviter.actor, roles, &known).map_err(|_| no_longer())?;
            tx.members(*org).one_at_a_time()?;
            // Of many who accept at once, those who come second find it decided when they try again.
            tx.save_invitation(&accepted, None)?;
            if tx.members(*org).find(account.id)?.is_some() {
                return Err(Problem::new(Code::AlreadyExists, "You belong to this organization already."));
            }
            let ids: Vec<_> = locations.iter().copied().collect();
            let still_there = tx.locations(*org).among(&ids)?.into_iter().map(|place| place.id).collect();
            let reach = TicketReach::Organization;
            let (membership, event) = Membership::found(account.id, roles.clone(), still_there, reach, now);
            tx.members(*org).add(&membership)?;
            for event in [event, accepted_event(&accepted)] {
                record(tx, *org, account, request_id, event, now);
            }
        }
        Offer::Platform(role) => {
            let held = tx.platform_permissions(accepted.inviter)?;
            let may = |p: &PlatformPermission| held.contains(p);
            let needs = role.map(PlatformRole::grants).unwrap_or_default();
            if !may(&PlatformPermission::InviteUsers) || !needs.iter().all(may) {
                return Err(no_longer());
            }
            tx.save_invitation(&accepted, None)?;
            if let Some(role) = role {
                offer_role(tx, &accepted, account, *role, now)?;
            }
        }
    }
    tx.record_account(&happened_apart("invitation_accepted", account.id, None))?;
    Ok(accepted)
}

fn no_longer() -> Problem {
    Problem::new(Code::Conflict, "Whoever invited may no longer give what the invitation offers.")
}

fn accepted_event(accepted: &Invitation) -> orgs::Event {
    let subject = orgs::EventSubject::Other("invitation", accepted.id.0);
    let by = match accepted.decision {
        Some(Decision::Accepted(user, _)) => user.0.to_string(),
        _ => String::new(),
    };
    orgs::Event::new("invitation_accepted", subject).with(orgs::Change::set("accepted_by", &by))
}

fn record(
    tx: &mut Tx<'_>,
    org: OrgId,
    account: &Account,
    request_id: &str,
    event: orgs::Event,
    at: chrono::DateTime<chrono::Utc>,
) {
    let (id, request_id) = (new_id(), request_id.to_owned());
    tx.record(LogEntry { org, id, actor: Some(account.id), request_id, at, event });
}

/// A platform role is given by two: the inviter asked for it, and somebody else has to agree, if there is anybody (S001-30).
fn offer_role(
    tx: &mut Tx<'_>,
    accepted: &Invitation,
    account: &Account,
    role: PlatformRole,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Problem> {
    if tx.platform_roles(account.id)?.contains(&role) {
        return Ok(());
    }
    let reason = "Invited, and accepted the invitation.".to_owned();
    let change = CriticalChange::GrantPlatformRole(role);
    let asked = Approval::ask(ApprovalId(new_id()), change, account.id, None, reason, accepted.inviter, now);
    let givers: Vec<PlatformRole> = PlatformRole::ALL
        .into_iter()
        .filter(|role| role.grants().contains(&PlatformPermission::GrantPlatformRoles))
        .collect();
    if tx.holders_of(&givers, accepted.inviter)?.is_empty() {
        tx.add_approval(&asked.pass(now))?;
        tx.add_platform_role(account.id, role)?;
    } else {
        tx.add_approval(&asked)?;
    }
    Ok(())
}

//! Requests that Steward opens itself, because staff must check something.

use std::collections::BTreeSet;

use crate::origin::Origin;
use orgs::{LocationId, OrgId};
use persistence::Tx;
use roles::{Actor, TicketReach};
use tickets::{Details, NewTicket, Priority, Subject, Ticket, TicketId};
use users::UserId;

use crate::accounts::managed_account::ManagedAccount;
use crate::clock::now;
use crate::context::{Context, new_id, record};
use crate::problem::Problem;

/// The texts of such a request.
struct Words<'a> {
    subject: &'a str,
    details: &'a str,
    urgency: Priority,
}

/// Opens a critical request in one organization, for the owner of an account that was taken over. `None` if the
/// organization has no location, and so takes no requests. `by` flagged the account (S000-12).
pub fn open_security_ticket<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    org: OrgId,
    by: UserId,
    reason: &str,
) -> Result<Option<TicketId>, Problem> {
    let words = Words {
        subject: "The account may have been taken over",
        details: &format!("Its sessions have ended, and a new password must be chosen. {reason}"),
        urgency: Priority::Critical,
    };
    open_as_system(ctx.tx, ctx.origin, (org, by), managed.account.id, &words)
}

/// Opens a request for the staff of an organization, which `by` may follow. `None` if the organization takes no
/// requests yet.
pub fn open_for_staff(
    tx: &mut Tx<'_>,
    origin: &Origin,
    (org, by): (OrgId, UserId),
    subject: &str,
    details: &str,
) -> Result<Option<TicketId>, Problem> {
    let words = Words { subject, details, urgency: Priority::Normal };
    open_as_system(tx, origin, (org, by), by, &words)
}

fn open_as_system(
    tx: &mut Tx<'_>,
    origin: &Origin,
    (org, by): (OrgId, UserId),
    requester: UserId,
    words: &Words<'_>,
) -> Result<Option<TicketId>, Problem> {
    let page = persistence::Page { after: None, limit: 100 };
    let places = tx.locations(org).list(Some(true), page)?;
    let own = tx.member_caller(org, requester)?.map(|m| m.actor.locations).unwrap_or_default();
    let place = places.iter().find(|place| own.contains(&place.id)).or(places.first()).cloned();
    let Some(location) = place else { return Ok(None) };
    let opener = system_actor(org, by, location.id);
    let new = NewTicket {
        subject: Subject::parse(words.subject).map_err(|_| Problem::internal())?,
        details: Details::parse(words.details).map_err(|_| Problem::internal())?,
        urgency: words.urgency,
        location: Some(location),
        on_behalf_of: Some((requester, true)),
        follow_up_of: None,
    };
    let now = now();
    let (ticket, event) = Ticket::open(&opener, TicketId(new_id()), 0, new, 1, now)?;
    let ticket = Ticket { number: tx.tickets(org).take_number()?, ..ticket };
    tx.tickets(org).add(&ticket)?;
    tx.index_ticket(&ticket)?;
    record(tx, origin, (org, Some(by)), event, now);
    Ok(Some(ticket.id))
}

/// The user who causes the request may not have the right to file requests. Steward files it itself, in their name.
fn system_actor(org: OrgId, by: UserId, location: LocationId) -> Actor {
    Actor {
        user_id: by,
        org_id: org,
        permissions: BTreeSet::from([roles::Permission::CreateTickets, roles::Permission::ManageTickets]),
        locations: BTreeSet::from([location]),
        reach: TicketReach::Organization,
        opens_at_once: true,
    }
}

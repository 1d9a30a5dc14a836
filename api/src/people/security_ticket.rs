use std::collections::BTreeSet;

use orgs::{LocationId, OrgId};
use roles::{Actor, TicketReach};
use tickets::{Details, NewTicket, Priority, Subject, Ticket, TicketId};
use users::UserId;

use super::case::Case;
use crate::problem::Problem;
use crate::work::{Work, new_id};

impl<W> Work<'_, '_, W> {
    /// Opens a critical request for the owner of an account that was taken over, in one organization; `None` when that has
    /// no location yet, and so takes no requests. `by` did the flagging (S000-12).
    pub(crate) fn open_security_ticket(
        &mut self,
        case: &Case,
        org: OrgId,
        by: UserId,
        reason: &str,
    ) -> Result<Option<TicketId>, Problem> {
        let page = persistence::Page { after: None, limit: 100 };
        let places = self.tx.locations(org).list(Some(true), page)?;
        let own = self.tx.member_caller(org, case.account.id)?.map(|m| m.actor.locations).unwrap_or_default();
        let place = places.iter().find(|place| own.contains(&place.id)).or(places.first()).cloned();
        let Some(location) = place else { return Ok(None) };
        let text = |words: &str| format!("{words} {reason}");
        let new = NewTicket {
            subject: Subject::parse("The account may have been taken over")
                .map_err(|_| Problem::internal())?,
            details: Details::parse(&text(
                "Its sessions were ended, and its password has to be chosen anew.",
            ))
            .map_err(|_| Problem::internal())?,
            urgency: Priority::Critical,
            location: Some(location.clone()),
            on_behalf_of: Some((case.account.id, true)),
            follow_up_of: None,
        };
        let opener = security_desk(org, by, location.id);
        let (ticket, event) = Ticket::open(&opener, TicketId(new_id()), 0, new, 1, self.now)?;
        let ticket = Ticket { number: self.tx.tickets(org).take_number()?, ..ticket };
        self.tx.tickets(org).add(&ticket)?;
        self.tx.index_ticket(&ticket, &case.account)?;
        self.record_in(org, by, event);
        Ok(Some(ticket.id))
    }
}

/// Whoever flags an account may have no right to file requests: the request is Steward's own act, in his name.
fn security_desk(org: OrgId, by: UserId, location: LocationId) -> Actor {
    Actor {
        user_id: by,
        org_id: org,
        permissions: BTreeSet::from([roles::Permission::CreateTickets, roles::Permission::ManageTickets]),
        locations: BTreeSet::from([location]),
        reach: TicketReach::Organization,
    }
}

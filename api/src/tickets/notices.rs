//! What the requester is told by mail (S004-21).

use mail::MailKind;
use tickets::Ticket;

use crate::mail::Letter;
use crate::problem::Problem;
use crate::work::Work;

impl Work<'_, '_> {
    /// Tells the requester in his language: never of what he did himself, and only while he can look at it.
    pub(crate) fn tell_requester(&mut self, ticket: &Ticket, of: MailKind) -> Result<(), Problem> {
        if ticket.requester_id == self.who.user_id {
            return Ok(());
        }
        let recipient = self.tx.members(ticket.org_id).reachable(ticket.requester_id)?;
        let Some(requester) = recipient.filter(|account| account.as_of(self.now).may_log_in()) else {
            return Ok(());
        };
        let page = format!("/orgs/{}/tickets/{}", ticket.org_id.0, ticket.id.0);
        Letter::to(&requester, of)
            .from(ticket.org_id)
            .telling("ticket_number", ticket.number.to_string())
            .telling("ticket_subject", ticket.subject.as_str())
            .telling("status", ticket.status.as_str())
            .telling_where("link", &page)
            .queue(self.tx, self.now)?;
        Ok(())
    }
}

//! Mails to the requester (S004-21).

use mail::MailKind;
use tickets::Ticket;

use crate::context::Context;
use crate::mail::queue::OutgoingMail;
use crate::problem::Problem;

/// Notifies the requester in their language. Never of the requester's own acts, and only while the requester can view
/// the request.
pub fn notify_requester(ctx: &mut Context<'_, '_>, ticket: &Ticket, of: MailKind) -> Result<(), Problem> {
    if ticket.requester_id == ctx.caller.user_id {
        return Ok(());
    }
    let recipient = ctx.tx.members(ticket.org_id).reachable(ticket.requester_id)?;
    let Some(requester) = recipient.filter(|account| account.as_of(ctx.now).may_log_in()) else {
        return Ok(());
    };
    let page = format!("/orgs/{}/tickets/{}", ticket.org_id.0, ticket.id.0);
    OutgoingMail::to(&requester, of)
        .from(ticket.org_id)
        .variable("ticket_number", ticket.number.to_string())
        .variable("ticket_subject", ticket.subject.as_str())
        .variable("status", ticket.status.as_str())
        .link("link", &page)
        .queue(ctx.tx, ctx.now)?;
    Ok(())
}

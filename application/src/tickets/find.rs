//! Tickets as the caller may see them.

use tickets::{Ticket, TicketId, TicketScope};

use crate::context::Context;
use crate::problem::Problem;

/// The ticket with this id, if the caller may view it.
pub fn find_ticket(ctx: &mut Context<'_, '_>, id: TicketId) -> Result<Ticket, Problem> {
    let scope = TicketScope::of(&ctx.caller)?;
    ctx.tx.tickets(ctx.caller.org_id).find(&scope, id)?.ok_or_else(Problem::not_found)
}

/// As [`find_ticket`], locked for a change.
pub fn find_ticket_to_change(ctx: &mut Context<'_, '_>, id: TicketId) -> Result<Ticket, Problem> {
    let scope = TicketScope::of(&ctx.caller)?;
    ctx.tx.tickets(ctx.caller.org_id).find_to_change(&scope, id)?.ok_or_else(Problem::not_found)
}

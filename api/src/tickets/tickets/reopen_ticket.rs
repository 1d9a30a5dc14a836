use actix_web::post;
use application::tickets::change::{assignee_is_available, save_status};
use application::tickets::find::find_ticket_to_change;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{TicketBody, TicketPath, show_ticket};

/// Reopens a resolved ticket
///
/// The assignee stays if still available. A requester reopens by replying.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey), extensions(("x-required-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/reopen")]
pub(super) async fn reopen_ticket(call: Call<TicketPath>) -> Reply {
    call.write(|ctx, input| {
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        let available = assignee_is_available(ctx, &ticket)?;
        let changed = ticket.reopen(&ctx.caller, available, ctx.now)?;
        let ticket = save_status(ctx, changed)?;
        show_ticket(ctx, &ticket)
    })
    .await
}

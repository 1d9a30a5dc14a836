use actix_web::post;
use application::tickets::change::save_status;
use application::tickets::find::find_ticket_to_change;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{TicketBody, TicketPath, show_ticket};

/// Moves an open ticket to in progress
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey), extensions(("x-required-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["approval_pending", "invalid_transition"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/start")]
pub(super) async fn start_ticket(call: Call<TicketPath>) -> Reply {
    call.write(|ctx, input| {
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        let changed = ticket.start(&ctx.caller, ctx.now)?;
        let ticket = save_status(ctx, changed)?;
        show_ticket(ctx, &ticket)
    })
    .await
}

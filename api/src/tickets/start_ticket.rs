use actix_web::post;

use super::body::{TicketBody, TicketPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;

/// Moves an open ticket to in progress
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey), extensions(("x-required-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "The ticket as it is now.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/start")]
pub(super) async fn start_ticket(call: Call<TicketPath>) -> Reply {
    call.write(|ctx, input| {
        let ticket = ctx.ticket_to_change(input.path.ticket_id())?;
        let changed = ticket.start(&ctx.caller, ctx.now)?;
        let ticket = ctx.save_status(changed)?;
        ctx.show_ticket(&ticket)
    })
    .await
}

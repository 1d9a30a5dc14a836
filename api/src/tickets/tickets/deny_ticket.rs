use actix_web::post;
use application::problem::Problem;
use application::tickets::change::save_status;
use application::tickets::find::find_ticket_to_change;
use serde::Deserialize;
use tickets::Reason;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::openapi::parameters::{IdempotencyKey, IfMatch};

use super::body::{TicketBody, TicketPath, show_ticket, ticket_audience};

/// The reason for a denial.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "Our own treasurer can answer this: ask them first."}))]
pub(crate) struct DenyTicket {
    /// The requester reads it as `close_reason`.
    #[schema(min_length = 1, max_length = 2000, pattern = "<lines>")]
    reason: String,
}

/// Denies a ticket that is pending approval, and closes it
///
/// For representatives. The requester is notified. You cannot decide on your own request. Returns 409 if the ticket is not pending approval.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey, IfMatch), request_body = DenyTicket, extensions(("x-required-permission" = json!("approve_tickets")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/deny")]
pub(super) async fn deny_ticket(call: Call<TicketPath, (), DenyTicket>) -> Reply {
    call.write(|ctx, input| {
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        input.meta.require_match(ticket.version, &ticket_audience(ctx, &ticket))?;
        let reason = Reason::parse(&input.body.reason).map_err(|e| Problem::rule("#/reason", &e))?;
        let denied = ticket.deny(&ctx.caller, reason, ctx.now)?;
        let ticket = save_status(ctx, denied)?;
        show_ticket(ctx, &ticket)
    })
    .await
}

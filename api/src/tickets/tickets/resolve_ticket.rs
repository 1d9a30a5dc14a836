use actix_web::post;
use application::context::new_id;
use application::problem::Problem;
use application::tickets::change::save_status;
use application::tickets::find::find_ticket_to_change;
use serde::Deserialize;
use tickets::{Body, MessageId, Summary};
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{TicketBody, TicketPath, show_ticket};

/// How a ticket was resolved.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"message": "We renewed your access; the schedule opens again.", "resolution_summary": "Access had expired; renewed."}))]
pub(crate) struct ResolveTicket {
    /// The message to the requester, public in the thread.
    #[schema(min_length = 1, max_length = 20000)]
    message: String,
    /// What came of it, in short.
    #[schema(min_length = 1, max_length = 2000, pattern = "<lines>")]
    resolution_summary: String,
}

/// Resolves a ticket and notifies the requester
///
/// A ticket without an assignee gets the caller. A reply of the requester brings it back.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey), request_body = ResolveTicket, extensions(("x-required-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["approval_pending", "invalid_transition"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/resolve")]
pub(super) async fn resolve_ticket(call: Call<TicketPath, (), ResolveTicket>) -> Reply {
    call.write(|ctx, input| {
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        let message = Body::parse(&input.body.message).map_err(|e| Problem::rule("#/message", &e))?;
        let summary = Summary::parse(&input.body.resolution_summary)
            .map_err(|e| Problem::rule("#/resolution_summary", &e))?;
        let changed = ticket.resolve(&ctx.caller, MessageId(new_id()), message, summary, ctx.now)?;
        let ticket = save_status(ctx, changed)?;
        show_ticket(ctx, &ticket)
    })
    .await
}

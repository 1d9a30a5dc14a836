use actix_web::post;
use application::problem::Problem;
use application::tickets::change::save_status;
use application::tickets::find::find_ticket_to_change;
use serde::Deserialize;
use tickets::Reason;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{TicketBody, TicketPath, show_ticket};

/// The reason, and whether an unresolved ticket may be closed.
#[derive(Default, Deserialize, ToSchema)]
#[schema(example = json!({"reason": "Confirmed by the requester."}))]
pub(crate) struct CloseTicket {
    #[schema(min_length = 1, max_length = 2000, pattern = "<lines>")]
    reason: Option<String>,
    /// Closes it although it is not resolved; needs `force_close_tickets`.
    force: Option<bool>,
}

/// Closes a ticket permanently
///
/// A closed ticket takes no messages and no changes; `create_follow_up` continues it. The body may be left out.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey), request_body = Option<CloseTicket>, extensions(("x-required-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["approval_pending", "invalid_transition"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/close")]
pub(super) async fn close_ticket(call: Call<TicketPath, (), Option<CloseTicket>>) -> Reply {
    call.write(|ctx, input| {
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        let (reason, force) = input
            .body
            .as_ref()
            .map_or((None, false), |sent| (sent.reason.as_deref(), sent.force == Some(true)));
        let reason = reason.map(Reason::parse).transpose().map_err(|e| Problem::rule("#/reason", &e))?;
        let changed = ticket.close(&ctx.caller, reason, force, ctx.now)?;
        let ticket = save_status(ctx, changed)?;
        show_ticket(ctx, &ticket)
    })
    .await
}

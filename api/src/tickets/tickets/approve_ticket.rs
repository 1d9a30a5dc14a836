use actix_web::post;
use application::tickets::change::save_ticket;
use application::tickets::find::find_ticket_to_change;
use application::tickets::notices::notify_requester;
use mail::MailKind;
use web::call::{Call, Reply};
use web::openapi::parameters::{IdempotencyKey, IfMatch};

use super::body::{TicketBody, TicketPath, show_ticket, ticket_audience};

/// Approves a ticket that is pending approval
///
/// For representatives of members who may not open requests immediately. You cannot decide on your own request. Returns 409 if the
/// ticket is not pending approval. Send the `ETag` that you read as `If-Match`, and you approve what you have read: from then on its requester replies
/// and no longer rewrites it. `approve_tickets` is required in addition to `create_tickets`.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey, IfMatch), extensions(("x-required-permission" = json!("approve_tickets")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/approve")]
pub(super) async fn approve_ticket(call: Call<TicketPath>) -> Reply {
    call.write(|ctx, input| {
        let ticket = find_ticket_to_change(ctx, input.path.ticket_id())?;
        input.meta.require_match(ticket.version, &ticket_audience(ctx, &ticket))?;
        let approved = ticket.approve(&ctx.caller, ctx.now)?;
        let ticket = save_ticket(ctx, approved.ticket, approved.events)?;
        notify_requester(ctx, &ticket, MailKind::TicketReceived)?;
        show_ticket(ctx, &ticket)
    })
    .await
}

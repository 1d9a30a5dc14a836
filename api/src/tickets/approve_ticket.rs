use actix_web::post;
use mail::MailKind;

use super::body::{TicketBody, TicketPath};
use crate::call::{Call, Reply};
use crate::openapi::{IdempotencyKey, IfMatch};

/// Approves a ticket that is pending approval
///
/// For representatives of members who may not open requests immediately. You cannot decide on your own request; one that is not pending
/// is 409. Send the `ETag` that you read as `If-Match`, and you approve what you have read: from then on its requester replies
/// and no longer rewrites it. `approve_tickets` is required in addition to `create_tickets`.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey, IfMatch), extensions(("x-required-permission" = json!("approve_tickets"))),
    responses((status = 200, description = "The ticket as it is now.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/approve")]
pub(super) async fn approve_ticket(call: Call<TicketPath>) -> Reply {
    call.write(|ctx, input| {
        let ticket = ctx.ticket_to_change(input.path.ticket_id())?;
        ctx.require_match(ticket.version, &ctx.audience(&ticket))?;
        let approved = ticket.approve(&ctx.caller, ctx.now)?;
        let ticket = ctx.save_ticket(approved.ticket, approved.events)?;
        ctx.notify_requester(&ticket, MailKind::TicketReceived)?;
        ctx.show_ticket(&ticket)
    })
    .await
}

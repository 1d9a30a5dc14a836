use actix_web::get;
use application::tickets::find::find_ticket;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{TicketBody, TicketPath, show_ticket};

/// Reads a ticket and the actions the caller may take
#[utoipa::path(tag = "tickets", params(TicketPath, IfNoneMatch), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))), responses(
    (status = 200, description = "The ticket.", body = TicketBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/tickets/{ticket_id}")]
pub(super) async fn get_ticket(call: Call<TicketPath>) -> Reply {
    call.read(|ctx, input| {
        let ticket = find_ticket(ctx, input.path.ticket_id())?;
        show_ticket(ctx, &ticket)
    })
    .await
}

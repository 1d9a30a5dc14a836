use actix_web::post;
use application::problem::Problem;
use application::tickets::change::{active_member, file_ids, find_location, save_new_ticket};
use roles::Permission;
use serde::Deserialize;
use tickets::{Details, NewTicket, Subject};
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::Priority;

use super::body::{TicketBody, show_new_ticket};
use crate::organizations::orgs::OrgPath;

/// The new ticket.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "subject": "Can't open my schedule", "details": "Since this morning the page stays empty.", "urgency": "normal",
    "location_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1d"
}))]
pub(crate) struct CreateTicket {
    /// What it is about, in a line.
    #[schema(min_length = 1, max_length = 200, pattern = "<line>")]
    subject: String,
    /// The request itself.
    #[schema(min_length = 1, max_length = 20000)]
    details: String,
    urgency: Priority,
    /// Where the help is needed; `get_ticket_form` lists the locations that the caller may file for.
    location_id: Uuid,
    /// Pending uploads of the caller.
    #[schema(max_items = 5)]
    attachment_ids: Option<Vec<Uuid>>,
    /// The user id of the member on whose behalf staff create it, and who becomes its requester. Also requires `manage_tickets`.
    on_behalf_of: Option<Uuid>,
}

/// Creates a ticket
///
/// It is open, and its priority is its urgency until staff change it. It is saved with all its files, or not at all.
/// Where `ticket_openers` leaves it to others to open requests, its `approval` is `waiting`: a representative decides first.
/// A ticket that staff create on behalf of a member needs no approval.
#[utoipa::path(tag = "tickets", params(OrgPath, IdempotencyKey), request_body = CreateTicket, extensions(("x-required-permission" = json!("create_tickets")),
        ("x-problem-codes" = json!(["no_location_available", "reference_not_found", "rule_violated"]))),
    responses((status = 201, description = "The new ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets")]
pub(super) async fn create_ticket(call: Call<OrgPath, (), CreateTicket>) -> Reply {
    call.write(|ctx, input| {
        let sent = &input.body;
        let on_behalf_of = match sent.on_behalf_of {
            Some(id) => {
                ctx.caller.require(Permission::ManageTickets)?;
                let person = active_member(ctx, UserId(id))?
                    .ok_or_else(|| Problem::no_such_reference("#/on_behalf_of", "active member"))?;
                Some((person.user_id, person.holds(Permission::CreateTickets)))
            }
            None => None,
        };
        let new = NewTicket {
            subject: Subject::parse(&sent.subject).map_err(|e| Problem::rule("#/subject", &e))?,
            details: Details::parse(&sent.details).map_err(|e| Problem::rule("#/details", &e))?,
            urgency: sent.urgency.into(),
            location: find_location(ctx, sent.location_id)?,
            on_behalf_of,
            follow_up_of: None,
        };
        let ticket = save_new_ticket(ctx, new, &file_ids(sent.attachment_ids.as_ref()))?;
        show_new_ticket(ctx, &ticket)
    })
    .await
}

use actix_web::post;
use application::problem::Problem;
use application::tickets::change::{active_member, file_ids, find_location, save_new_ticket};
use application::tickets::find::find_ticket;
use roles::Permission;
use serde::Deserialize;
use tickets::{Details, FollowUp, Subject};
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::Priority;

use super::body::{TicketBody, TicketPath, show_new_ticket};

/// A follow-up of a closed ticket. Omitted values are taken from that ticket.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"details": "It is back since yesterday."}))]
pub(crate) struct CreateFollowUp {
    #[schema(min_length = 1, max_length = 200, pattern = "<line>")]
    subject: Option<String>,
    /// What is to be done now.
    #[schema(min_length = 1, max_length = 20000)]
    details: String,
    urgency: Option<Priority>,
    location_id: Option<Uuid>,
    /// Pending uploads of the caller.
    #[schema(max_items = 5)]
    attachment_ids: Option<Vec<Uuid>>,
}

/// Continues a closed ticket in a new one
///
/// The new ticket is its requester's, also when staff file it, and refers to the closed one. One that a representative denied is
/// continued by its requester, or by holders of `approve_tickets`.
#[utoipa::path(tag = "tickets", params(TicketPath, IdempotencyKey), request_body = CreateFollowUp, extensions(("x-required-permission" = json!("create_tickets")),
        ("x-problem-codes" = json!(["conflict", "reference_not_found", "rule_violated", "no_location_available"]))),
    responses((status = 201, description = "The new ticket.", body = TicketBody)))]
#[post("/orgs/{org_id}/tickets/{ticket_id}/follow-up")]
pub(super) async fn create_follow_up(call: Call<TicketPath, (), CreateFollowUp>) -> Reply {
    call.write(|ctx, input| {
        let sent = &input.body;
        let closed = find_ticket(ctx, input.path.ticket_id())?;
        let requester = active_member(ctx, closed.requester_id)?;
        let follow_up = FollowUp {
            subject: sent
                .subject
                .as_deref()
                .map(Subject::parse)
                .transpose()
                .map_err(|e| Problem::rule("#/subject", &e))?,
            details: Details::parse(&sent.details).map_err(|e| Problem::rule("#/details", &e))?,
            urgency: sent.urgency.map(Into::into),
            location: find_location(ctx, sent.location_id.unwrap_or(closed.location_id.0))?,
        };
        let new = closed.follow_up(
            &ctx.caller,
            follow_up,
            requester.is_some_and(|r| r.holds(Permission::CreateTickets)),
        )?;
        let ticket = save_new_ticket(ctx, new, &file_ids(sent.attachment_ids.as_ref()))?;
        show_new_ticket(ctx, &ticket)
    })
    .await
}

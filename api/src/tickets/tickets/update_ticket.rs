use actix_web::patch;
use application::context::Context;
use application::problem::Problem;
use application::refusals::tickets::{of_assign, of_edit, of_triage};
use application::tickets::change::{active_member, find_location, save_ticket};
use application::tickets::find::find_ticket_to_change;
use serde::Deserialize;
use tickets::{CategoryId, Details, Edit, Subject, Ticket, Triage};
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;
use web::values::{Priority, WaitingOn, clearable};

use super::body::{TicketBody, TicketPath, show_ticket, ticket_audience};

/// Changes of a ticket. The requester rewrites `subject` and `details`; everything else is for staff.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"priority": "high"}))]
pub(crate) struct UpdateTicket {
    #[schema(min_length = 1, max_length = 200, pattern = "<line>", nullable = false)]
    subject: Option<String>,
    #[schema(min_length = 1, max_length = 20000, nullable = false)]
    details: Option<String>,
    #[schema(nullable = false)]
    priority: Option<Priority>,
    /// A category in use; null clears it.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Uuid>)]
    category_id: Option<Option<Uuid>>,
    /// The user id of a member who may work on it; null gives it back to the pool.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Uuid>)]
    assignee_id: Option<Option<Uuid>>,
    #[schema(nullable = false)]
    location_id: Option<Uuid>,
    /// What it waits for; null ends the wait.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<WaitingOn>)]
    waiting_on: Option<Option<WaitingOn>>,
}

/// Edits or triages a ticket
///
/// All of it happens or none. What was before stays in the ticket's history. Once a representative has approved the ticket, its
/// requester replies and can no longer rewrite it (409). While it is pending approval, only its texts can change.
#[utoipa::path(tag = "tickets", params(TicketPath, IfMatch), request_body(content = UpdateTicket, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets")),
        ("x-problem-codes" = json!(["approval_pending", "conflict", "reference_not_found", "rule_violated", "ticket_closed"]))),
    responses((status = 200, description = "The updated ticket.", body = TicketBody)))]
#[patch("/orgs/{org_id}/tickets/{ticket_id}")]
pub(super) async fn update_ticket(call: Call<TicketPath, (), UpdateTicket>) -> Reply {
    call.write(|ctx, input| {
        let before = find_ticket_to_change(ctx, input.path.ticket_id())?;
        input.meta.require_match(before.version, &ticket_audience(ctx, &before))?;
        let sent = &input.body;
        let edit = Edit {
            subject: sent
                .subject
                .as_deref()
                .map(Subject::parse)
                .transpose()
                .map_err(|e| Problem::rule("#/subject", &e))?,
            details: sent
                .details
                .as_deref()
                .map(Details::parse)
                .transpose()
                .map_err(|e| Problem::rule("#/details", &e))?,
        };
        let is_edited = edit != Edit::default();
        let (ticket, mut events) =
            before.edit(&ctx.caller, edit, ctx.now).map_err(|e| of_edit(e, &before))?;
        let triage = triage(ctx, sent)?;
        let (ticket, more) =
            ticket.triage(&ctx.caller, triage, ctx.now).map_err(|e| of_triage(e, &before))?;
        events.extend(more);
        let ticket = match sent.assignee_id {
            Some(to) => {
                let (ticket, more) = assign(ctx, &ticket, to)?;
                events.extend(more);
                ticket
            }
            None => ticket,
        };
        if events.is_empty() {
            return show_ticket(ctx, &before);
        }
        let ticket = save_ticket(ctx, ticket, events)?;
        if is_edited {
            ctx.tx.index_ticket(&ticket)?;
        }
        show_ticket(ctx, &ticket)
    })
    .await
}

/// What staff sent, with everything looked up that it refers to.
fn triage(ctx: &mut Context<'_, '_>, sent: &UpdateTicket) -> Result<Triage, Problem> {
    let category = match sent.category_id {
        Some(Some(id)) => {
            let found = ctx.tx.categories(ctx.caller.org_id).find(CategoryId(id))?;
            Some(Some(found.ok_or_else(|| Problem::no_such_reference("#/category_id", "category"))?))
        }
        Some(None) => Some(None),
        None => None,
    };
    let location = match sent.location_id {
        Some(id) => Some(
            find_location(ctx, id)?.ok_or_else(|| Problem::no_such_reference("#/location_id", "location"))?,
        ),
        None => None,
    };
    let waiting_on = sent.waiting_on.map(|w| w.map(Into::into));
    Ok(Triage { priority: sent.priority.map(Into::into), category, location, waiting_on })
}

fn assign(
    ctx: &mut Context<'_, '_>,
    ticket: &Ticket,
    to: Option<Uuid>,
) -> Result<(Ticket, Vec<orgs::Event>), Problem> {
    let person = match to {
        Some(id) => Some(
            active_member(ctx, UserId(id))?
                .ok_or_else(|| Problem::no_such_reference("#/assignee_id", "active member"))?,
        ),
        None => None,
    };
    ticket.assign(&ctx.caller, person.as_ref(), ctx.now).map_err(|e| of_assign(e, ticket))
}

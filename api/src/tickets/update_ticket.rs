use actix_web::patch;
use serde::Deserialize;
use tickets::{CategoryId, Details, Edit, Subject, Ticket, Triage};
use users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{TicketBody, TicketPath};
use super::refusals::{of_assign, of_edit, of_triage};
use crate::call::{Call, Reply};
use crate::context::Context;
use crate::openapi::IfMatch;
use crate::problem::Problem;
use crate::words::{Priority, WaitingOn, clearable};

/// What changes of a ticket. The requester rewrites `subject` and `details`; everything else is for staff.
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
/// requester replies and no longer rewrites it, which is 409; while it waits, nothing but its words can change.
#[utoipa::path(tag = "tickets", params(TicketPath, IfMatch), request_body(content = UpdateTicket, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "The ticket as it is now.", body = TicketBody)))]
#[patch("/orgs/{org_id}/tickets/{ticket_id}")]
pub(super) async fn update_ticket(call: Call<TicketPath, (), UpdateTicket>) -> Reply {
    call.write(|ctx, input| {
        let before = ctx.ticket_to_change(input.path.ticket_id())?;
        ctx.require_match(before.version, &ctx.audience(&before))?;
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
        let triage = ctx.triage(sent)?;
        let (ticket, more) =
            ticket.triage(&ctx.caller, triage, ctx.now).map_err(|e| of_triage(e, &before))?;
        events.extend(more);
        let ticket = match sent.assignee_id {
            Some(to) => {
                let (ticket, more) = ctx.assign(&ticket, to)?;
                events.extend(more);
                ticket
            }
            None => ticket,
        };
        if events.is_empty() {
            return ctx.show_ticket(&before);
        }
        let ticket = ctx.save_ticket(ticket, events)?;
        if is_edited {
            ctx.tx.index_ticket(&ticket)?;
        }
        ctx.show_ticket(&ticket)
    })
    .await
}

impl Context<'_, '_> {
    /// What staff sent, with everything looked up that it refers to.
    fn triage(&mut self, sent: &UpdateTicket) -> Result<Triage, Problem> {
        let category = match sent.category_id {
            Some(Some(id)) => {
                let found = self.tx.categories(self.caller.org_id).find(CategoryId(id))?;
                Some(Some(found.ok_or_else(|| Problem::no_such_reference("#/category_id", "category"))?))
            }
            Some(None) => Some(None),
            None => None,
        };
        let location = match sent.location_id {
            Some(id) => Some(
                self.location(id)?.ok_or_else(|| Problem::no_such_reference("#/location_id", "location"))?,
            ),
            None => None,
        };
        let waiting_on = sent.waiting_on.map(|w| w.map(Into::into));
        Ok(Triage { priority: sent.priority.map(Into::into), category, location, waiting_on })
    }

    fn assign(&mut self, ticket: &Ticket, to: Option<Uuid>) -> Result<(Ticket, Vec<orgs::Event>), Problem> {
        let person = match to {
            Some(id) => Some(
                self.active_member(UserId(id))?
                    .ok_or_else(|| Problem::no_such_reference("#/assignee_id", "active member"))?,
            ),
            None => None,
        };
        ticket.assign(&self.caller, person.as_ref(), self.now).map_err(|e| of_assign(e, ticket))
    }
}

use actix_web::get;
use application::clock::instant;
use application::tickets::find::find_ticket;
use persistence::LoggedEvent;
use serde::Serialize;
use tickets::TicketScope;
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};
use web::values::MessageVisibility;

use crate::tickets::tickets::TicketPath;

/// An event of a ticket.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a22", "type": "ticket_status_changed", "occurred_at": "2026-03-02T10:02:11.000000Z",
    "actor_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "visibility": "public", "changes": [{"field": "status", "from": "open", "to": "in_progress"}]
}))]
pub(crate) struct TicketEvent {
    id: Uuid,
    /// `ticket_created`, `ticket_edited`, `ticket_triaged`, `ticket_assigned`, `ticket_status_changed`, `message_posted`,
    /// `note_added`, `ticket_approval_decided`; more may come.
    #[serde(rename = "type")]
    kind: String,
    #[schema(value_type = DateTime<Utc>)]
    occurred_at: String,
    /// Who caused it: a user id.
    actor_id: Option<Uuid>,
    /// `internal` events are shown to staff only.
    visibility: MessageVisibility,
    changes: Vec<FieldChange>,
}

/// A field that changed.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldChange {
    /// The field, as the ticket names it.
    field: String,
    /// Its value before; null when it had none.
    from: Option<String>,
    /// Its value after; null when it was cleared.
    to: Option<String>,
}

impl From<LoggedEvent> for TicketEvent {
    fn from(event: LoggedEvent) -> Self {
        let is_public = event.visibility == orgs::Visibility::Public.as_str();
        Self {
            id: event.id,
            kind: event.kind,
            occurred_at: instant(event.at),
            actor_id: event.actor.map(|u| u.0),
            visibility: if is_public { MessageVisibility::Public } else { MessageVisibility::Internal },
            changes: event
                .changes
                .into_iter()
                .map(|(field, from, to)| FieldChange { field, from, to })
                .collect(),
        }
    }
}

/// A page of events.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketEventPage {
    data: Vec<TicketEvent>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists a ticket's events, oldest first
///
/// Staff see internal events too.
#[utoipa::path(tag = "history", params(TicketPath, PageQuery), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "A page of events.", body = TicketEventPage)))]
#[get("/orgs/{org_id}/tickets/{ticket_id}/events")]
pub(super) async fn list_ticket_events(call: Call<TicketPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let ticket = find_ticket(ctx, input.path.ticket_id())?;
        let is_staff = TicketScope::of(&ctx.caller)?.covers_as_staff(&ticket);
        let page = input.meta.list.page_of(|at| at.parse().ok())?;
        let rows = ctx.tx.events_of(ctx.caller.org_id, ticket.id.0, is_staff, page)?;
        let body = |rows: Vec<LoggedEvent>| rows.into_iter().map(TicketEvent::from).collect();
        input.meta.list.page(
            &page,
            rows,
            |e| e.seq.to_string(),
            |rows, next_cursor| Ok(TicketEventPage { data: body(rows), next_cursor, total: None }),
        )
    })
    .await
}

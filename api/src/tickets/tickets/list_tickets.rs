use actix_web::get;
use application::clock::instant;
use chrono::{DateTime, Utc};
use orgs::LocationId;
use persistence::{ListedTicket, SortKey, TicketFilter, TicketPosition, TicketSort, Words};
use serde::{Deserialize, Serialize};
use tickets::{CategoryId, TicketId, TicketScope};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};
use web::values::{Priority, TicketApproval, TicketStatus, WaitingOn};

use crate::organizations::orgs::OrgPath;

/// The order of a list of tickets; a minus puts the greatest first.
#[derive(Clone, Copy, Deserialize, ToSchema)]
pub(crate) enum TicketOrder {
    #[serde(rename = "created_at")]
    CreatedAt,
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    #[serde(rename = "updated_at")]
    UpdatedAt,
    #[serde(rename = "-updated_at")]
    UpdatedAtDescending,
    #[serde(rename = "priority")]
    Priority,
    #[serde(rename = "-priority")]
    PriorityDescending,
}

impl From<TicketOrder> for TicketSort {
    fn from(order: TicketOrder) -> Self {
        let (key, is_descending) = match order {
            TicketOrder::CreatedAt => (SortKey::CreatedAt, false),
            TicketOrder::CreatedAtDescending => (SortKey::CreatedAt, true),
            TicketOrder::UpdatedAt => (SortKey::UpdatedAt, false),
            TicketOrder::UpdatedAtDescending => (SortKey::UpdatedAt, true),
            TicketOrder::Priority => (SortKey::Priority, false),
            TicketOrder::PriorityDescending => (SortKey::Priority, true),
        };
        Self { key, is_descending }
    }
}

/// Filters, order and paging of tickets. All given filters must match.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TicketsQuery {
    /// In one of these statuses, separated by commas.
    #[param(min_items = 1, max_items = 4)]
    status: Option<Vec<TicketStatus>>,
    /// Of one of these priorities, separated by commas.
    #[param(min_items = 1, max_items = 4)]
    priority: Option<Vec<Priority>>,
    /// Waiting for a representative's approval, or not.
    awaits_approval: Option<bool>,
    /// Of this assignee: a user id.
    assignee_id: Option<Uuid>,
    /// With an assignee, or without one.
    has_assignee: Option<bool>,
    /// Of this requester: a user id.
    requester_id: Option<Uuid>,
    /// For this location.
    location_id: Option<Uuid>,
    /// In this category.
    category_id: Option<Uuid>,
    /// Filed at this time or later.
    created_at_gte: Option<DateTime<Utc>>,
    /// Filed before this time.
    created_at_lt: Option<DateTime<Utc>>,
    /// Changed at this time or later.
    updated_at_gte: Option<DateTime<Utc>>,
    /// With this number.
    #[param(minimum = 1, maximum = 9007199254740991_i64)]
    number: Option<i64>,
    /// Holding all these words or beginnings of words: in subject, details, messages, number, or the requester's name or
    /// address; for staff in notes, too. Numbers are looked for whole. A change is found as soon as it is made.
    #[param(min_length = 1, max_length = 200)]
    q: Option<String>,
    /// The sort order. Default: `-created_at`. Equal values are ordered by id.
    sort: Option<TicketOrder>,
    /// Also counts the tickets, to 10,000. Looks at about 10,000 tickets: beyond these, `is_exact` is false.
    include_total: Option<bool>,
}

impl TicketsQuery {
    fn filter(&self) -> TicketFilter {
        TicketFilter {
            statuses: self.status.iter().flatten().copied().map(Into::into).collect(),
            priorities: self.priority.iter().flatten().copied().map(Into::into).collect(),
            awaits_approval: self.awaits_approval,
            assignee: self.assignee_id.map(UserId),
            has_assignee: self.has_assignee,
            requester: self.requester_id.map(UserId),
            location: self.location_id.map(LocationId),
            category: self.category_id.map(CategoryId),
            created_from: self.created_at_gte,
            created_before: self.created_at_lt,
            updated_from: self.updated_at_gte,
            number: self.number,
            words: self.q.as_deref().map(Words::of),
        }
    }
}

/// A ticket in a list, without its texts.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketSummary {
    id: Uuid,
    number: i64,
    subject: String,
    urgency: Priority,
    priority: Priority,
    status: TicketStatus,
    status_label: String,
    waiting_on: Option<WaitingOn>,
    /// The approval it needs. Null if its requester needs none.
    approval: Option<TicketApproval>,
    location_id: Uuid,
    category_id: Option<Uuid>,
    requester_id: Uuid,
    created_by_id: Uuid,
    assignee_id: Option<Uuid>,
    follow_up_of_id: Option<Uuid>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
    #[schema(value_type = Option<DateTime<Utc>>)]
    resolved_at: Option<String>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    closed_at: Option<String>,
}

impl From<ListedTicket> for TicketSummary {
    fn from(ticket: ListedTicket) -> Self {
        Self {
            id: ticket.id.0,
            number: ticket.number,
            subject: ticket.subject,
            urgency: ticket.urgency.into(),
            priority: ticket.priority.into(),
            status: ticket.status.into(),
            status_label: ticket.status.label().to_owned(),
            waiting_on: ticket.waiting_on.map(Into::into),
            approval: ticket.approval.map(Into::into),
            location_id: ticket.location_id.0,
            category_id: ticket.category_id.map(|id| id.0),
            requester_id: ticket.requester_id.0,
            created_by_id: ticket.created_by.0,
            assignee_id: ticket.assignee_id.map(|id| id.0),
            follow_up_of_id: ticket.follow_up_of.map(|id| id.0),
            created_at: instant(ticket.created_at),
            updated_at: instant(ticket.updated_at),
            resolved_at: ticket.resolved_at.map(instant),
            closed_at: ticket.closed_at.map(instant),
        }
    }
}

/// A page of tickets.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketPage {
    data: Vec<TicketSummary>,
    /// Null on the last page, and on no other: a page may have fewer tickets than `limit`, even none, and still have a next.
    next_cursor: Option<String>,
    /// Null unless `include_total=true`.
    total: Option<Total>,
}

const MAX_COUNTED: i64 = 10_000;

/// Lists tickets within the caller's scope
///
/// Requesters see their own, staff all in their scope, representatives also those that need their approval. A request scans up to 5,000 tickets in the order of the list. Where filters match few of them, a page may be shorter than
/// `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "tickets", params(OrgPath, TicketsQuery, PageQuery), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "A page of tickets.", body = TicketPage)))]
#[get("/orgs/{org_id}/tickets")]
pub(super) async fn list_tickets(call: Call<OrgPath, TicketsQuery>) -> Reply {
    call.read(|ctx, input| {
        let query = &input.query;
        let (org, scope, filter) = (ctx.caller.org_id, TicketScope::of(&ctx.caller)?, query.filter());
        let sort = TicketSort::from(query.sort.unwrap_or(TicketOrder::CreatedAtDescending));
        let page = input.meta.list.page_of(read_position)?;
        let found = ctx.tx.list_tickets(org, &scope, &filter, sort, page)?;
        let total = match query.include_total {
            Some(true) => {
                let counted = ctx.tx.count_tickets(org, &scope, &filter, MAX_COUNTED)?;
                Some(Total { count: counted.count, is_exact: counted.is_exact })
            }
            _ => None,
        };
        let body = |rows: Vec<ListedTicket>| rows.into_iter().map(TicketSummary::from).collect();
        input.meta.list.page_until(
            &page,
            found.rows,
            found.scanned_until.map(write_position),
            |t| write_position(t.position(sort)),
            |rows, next_cursor| Ok(TicketPage { data: body(rows), next_cursor, total }),
        )
    })
    .await
}

fn write_position(position: TicketPosition) -> String {
    match position {
        TicketPosition::At(at, id) => format!("{}|{}", instant(at), id.0),
        TicketPosition::Rank(rank, id) => format!("{rank}|{}", id.0),
    }
}

fn read_position(text: &str) -> Option<TicketPosition> {
    let (key, id) = text.split_once('|')?;
    let id = TicketId(id.parse().ok()?);
    match key.parse() {
        Ok(rank) => Some(TicketPosition::Rank(rank, id)),
        Err(_) => Some(TicketPosition::At(key.parse().ok()?, id)),
    }
}

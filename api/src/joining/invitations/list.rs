use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use chrono::{DateTime, Utc};
use invitations::InvitationId;
use orgs::OrgId;
use persistence::{InvitationFilter, InvitationPosition, InvitationSort, InvitationSortKey, InvitedBy, Span};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::Answer;
use web::paging::{List, Total};

use super::body::{InvitationBody, InvitationStatusKey};

/// The order of a list of invitations; a minus puts the greatest first. By `accepted_at`, those that were not accepted count
/// as the earliest.
#[derive(Clone, Copy, Deserialize, ToSchema)]
pub(crate) enum InvitationOrder {
    #[serde(rename = "created_at")]
    CreatedAt,
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    #[serde(rename = "last_sent_at")]
    LastSentAt,
    #[serde(rename = "-last_sent_at")]
    LastSentAtDescending,
    #[serde(rename = "valid_until")]
    ValidUntil,
    #[serde(rename = "-valid_until")]
    ValidUntilDescending,
    #[serde(rename = "accepted_at")]
    AcceptedAt,
    #[serde(rename = "-accepted_at")]
    AcceptedAtDescending,
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "-email")]
    EmailDescending,
    #[serde(rename = "roles")]
    Roles,
    #[serde(rename = "-roles")]
    RolesDescending,
}

impl From<InvitationOrder> for InvitationSort {
    fn from(order: InvitationOrder) -> Self {
        use InvitationSortKey as Key;
        let (key, is_descending) = match order {
            InvitationOrder::CreatedAt => (Key::CreatedAt, false),
            InvitationOrder::CreatedAtDescending => (Key::CreatedAt, true),
            InvitationOrder::LastSentAt => (Key::LastSentAt, false),
            InvitationOrder::LastSentAtDescending => (Key::LastSentAt, true),
            InvitationOrder::ValidUntil => (Key::ValidUntil, false),
            InvitationOrder::ValidUntilDescending => (Key::ValidUntil, true),
            InvitationOrder::AcceptedAt => (Key::AcceptedAt, false),
            InvitationOrder::AcceptedAtDescending => (Key::AcceptedAt, true),
            InvitationOrder::Email => (Key::Email, false),
            InvitationOrder::EmailDescending => (Key::Email, true),
            InvitationOrder::Roles => (Key::Roles, false),
            InvitationOrder::RolesDescending => (Key::Roles, true),
        };
        Self { key, is_descending }
    }
}

/// Filters, order and paging of a list of invitations. All given filters must match.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InvitationsQuery {
    /// Part of the address.
    #[param(min_length = 1, max_length = 120)]
    q: Option<String>,
    /// In this status at this moment.
    status: Option<InvitationStatusKey>,
    /// By this inviter.
    inviter_id: Option<Uuid>,
    /// To this role, of the organization or of the platform.
    #[param(min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    role: Option<String>,
    /// Of this batch.
    batch_id: Option<Uuid>,
    /// Created at this time or later.
    created_at_gte: Option<DateTime<Utc>>,
    /// Created before this time.
    created_at_lt: Option<DateTime<Utc>>,
    /// Accepted at this time or later.
    accepted_at_gte: Option<DateTime<Utc>>,
    /// Accepted before this time.
    accepted_at_lt: Option<DateTime<Utc>>,
    /// Last mailed at this time or later.
    last_sent_at_gte: Option<DateTime<Utc>>,
    /// Last mailed before this time.
    last_sent_at_lt: Option<DateTime<Utc>>,
    /// Valid until this time or later.
    valid_until_gte: Option<DateTime<Utc>>,
    /// Expired before this time.
    valid_until_lt: Option<DateTime<Utc>>,
    /// The sort order. Default: `-created_at`. Equal values are ordered by id.
    sort: Option<InvitationOrder>,
}

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationPage {
    data: Vec<InvitationBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// A page of invitations (S001-14).
pub(super) fn show_invitations<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    org: Option<OrgId>,
    query: &InvitationsQuery,
) -> Result<Answer, Problem> {
    let sort: InvitationSort = query.sort.unwrap_or(InvitationOrder::CreatedAtDescending).into();
    let page = list.page_of(|at| position(sort, at))?;
    let now = ctx.now;
    let filter = InvitationFilter {
        org,
        text: query.q.clone(),
        inviter: query.inviter_id.map(UserId),
        role: query.role.clone(),
        batch: query.batch_id,
        status: query.status.map(Into::into),
        created: Span { from: query.created_at_gte, before: query.created_at_lt },
        accepted: Span { from: query.accepted_at_gte, before: query.accepted_at_lt },
        last_sent: Span { from: query.last_sent_at_gte, before: query.last_sent_at_lt },
        valid_until: Span { from: query.valid_until_gte, before: query.valid_until_lt },
    };
    let found = ctx.tx.list_invitations(&filter, sort, now, page.clone())?;
    let written = |position: InvitationPosition| match position {
        InvitationPosition::At(at, id) => format!("{}|{}", id.0, instant(at)),
        InvitationPosition::Text(text, id) => format!("{}|{text}", id.0),
    };
    let at = |found: &InvitedBy| written(found.position(sort));
    let scanned_until = found.scanned_until.map(written);
    list.page_until(&page, found.rows, scanned_until, at, |rows, next_cursor| {
        let data = rows.iter().map(|found| InvitationBody::of(found, now)).collect();
        Ok(InvitationPage { data, next_cursor, total: None })
    })
}

fn position(sort: InvitationSort, at: &str) -> Option<InvitationPosition> {
    use InvitationSortKey as Key;
    let (id, value) = at.split_once('|')?;
    let id = InvitationId(id.parse().ok()?);
    match sort.key {
        Key::Email | Key::Roles => Some(InvitationPosition::Text(value.to_owned(), id)),
        Key::CreatedAt | Key::LastSentAt | Key::ValidUntil | Key::AcceptedAt => {
            Some(InvitationPosition::At(value.parse().ok()?, id))
        }
    }
}

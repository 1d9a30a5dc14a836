use invitations::InvitationId;
use orgs::OrgId;
use persistence::{InvitationFilter, InvitationPosition, InvitationSort, InvitationSortKey, InvitedBy};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::body::{InvitationBody, InvitationStatusKey};
use crate::answer::Answer;
use crate::paging::{PageQuery, Total};
use crate::problem::Problem;
use crate::words::instant;
use crate::work::Work;

/// The order of a list of invitations; a minus puts the greatest first.
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
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "-email")]
    EmailDescending,
}

impl From<InvitationOrder> for InvitationSort {
    fn from(order: InvitationOrder) -> Self {
        let (key, is_descending) = match order {
            InvitationOrder::CreatedAt => (InvitationSortKey::CreatedAt, false),
            InvitationOrder::CreatedAtDescending => (InvitationSortKey::CreatedAt, true),
            InvitationOrder::LastSentAt => (InvitationSortKey::LastSentAt, false),
            InvitationOrder::LastSentAtDescending => (InvitationSortKey::LastSentAt, true),
            InvitationOrder::ValidUntil => (InvitationSortKey::ValidUntil, false),
            InvitationOrder::ValidUntilDescending => (InvitationSortKey::ValidUntil, true),
            InvitationOrder::Email => (InvitationSortKey::Email, false),
            InvitationOrder::EmailDescending => (InvitationSortKey::Email, true),
        };
        Self { key, is_descending }
    }
}

/// Which invitations, and in which order. Every filter that is given has to hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InvitationsQuery {
    /// Part of the address.
    #[param(min_length = 1, max_length = 120)]
    q: Option<String>,
    /// In this status. `pending` holds those as well that wait for an inviter who is shut off; `suspended` alone is not
    /// looked for.
    status: Option<InvitationStatusKey>,
    /// By this inviter.
    inviter_id: Option<Uuid>,
    /// To this role, of the organization or of the platform.
    #[param(min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    role: Option<String>,
    /// Made in this call.
    batch_id: Option<Uuid>,
    /// The order; `-created_at` unless told. The id decides between equals.
    sort: Option<InvitationOrder>,
    /// Items on a page; 25 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// The `next_cursor` of the page before, with the same filters and sort.
    #[param(min_length = 1, max_length = 500)]
    cursor: Option<String>,
}

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationPage {
    data: Vec<InvitationBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

impl<W> Work<'_, '_, W> {
    /// A page of invitations (S001-14).
    pub(super) fn list_invitations(
        &mut self,
        org: Option<OrgId>,
        query: &InvitationsQuery,
    ) -> Result<Answer, Problem> {
        let sort: InvitationSort = query.sort.unwrap_or(InvitationOrder::CreatedAtDescending).into();
        let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
        let page = self.page_of(&page, |at| position(sort, at))?;
        let now = self.now;
        let decided = |word| (Some(word), None, None);
        let (decision, open_at, expired_at) = match query.status {
            None => (None, None, None),
            Some(InvitationStatusKey::Accepted) => decided("accepted"),
            Some(InvitationStatusKey::Declined) => decided("declined"),
            Some(InvitationStatusKey::Revoked) => decided("revoked"),
            Some(InvitationStatusKey::Expired) => (None, None, Some(now)),
            Some(InvitationStatusKey::Pending | InvitationStatusKey::Suspended) => (None, Some(now), None),
        };
        let filter = InvitationFilter {
            org,
            text: query.q.clone(),
            inviter: query.inviter_id.map(UserId),
            role: query.role.clone(),
            batch: query.batch_id,
            decision,
            open_at,
            expired_at,
        };
        let rows = self.tx.list_invitations(&filter, sort, page.clone())?;
        let at = |found: &InvitedBy| match found.position(sort) {
            InvitationPosition::At(at, id) => format!("{}|{}", id.0, instant(at)),
            InvitationPosition::Text(text, id) => format!("{}|{text}", id.0),
        };
        self.page(&page, rows, at, |rows, next_cursor| {
            let data = rows.iter().map(|found| InvitationBody::of(found, now)).collect();
            Ok(InvitationPage { data, next_cursor, total: None })
        })
    }
}

fn position(sort: InvitationSort, at: &str) -> Option<InvitationPosition> {
    let (id, value) = at.split_once('|')?;
    let id = InvitationId(id.parse().ok()?);
    match sort.key {
        InvitationSortKey::Email => Some(InvitationPosition::Text(value.to_owned(), id)),
        _ => Some(InvitationPosition::At(value.parse().ok()?, id)),
    }
}

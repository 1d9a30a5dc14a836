//! Filters and pages that both lists of requests to join share.

use application::context::Context;
use application::problem::Problem;
use persistence::MembershipRequestFilter;
use roles::MembershipRequestId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::answer::Answer;
use web::paging::{List, PageQuery, Total};

use super::body::{MembershipRequestBody, MembershipRequestStatusKey, Reader};

/// Filters and paging of requests to join.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MembershipRequestsQuery {
    /// Only those with this status.
    status: Option<MembershipRequestStatusKey>,
    /// Items per page. Default: 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// The `next_cursor` of the page before, with the same filters.
    #[param(min_length = 1, max_length = 2000)]
    cursor: Option<String>,
}

/// A page of requests to join.
#[derive(Serialize, ToSchema)]
pub(crate) struct MembershipRequestPage {
    data: Vec<MembershipRequestBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

pub(super) fn list_requests_to_join<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    filter: MembershipRequestFilter,
    query: &MembershipRequestsQuery,
    reader: Reader,
) -> Result<Answer, Problem> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let page = list.page_of(&page, |at| at.parse().ok().map(MembershipRequestId))?;
    let filter = MembershipRequestFilter { status: query.status.map(Into::into), ..filter };
    let rows = ctx.tx.membership_requests(filter, page)?;
    list.page(
        &page,
        rows,
        |named| named.request.id.0.to_string(),
        |rows, next_cursor| {
            let data = rows.into_iter().map(|named| MembershipRequestBody::of(named, reader)).collect();
            Ok(MembershipRequestPage { data, next_cursor, total: None })
        },
    )
}

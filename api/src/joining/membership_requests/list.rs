//! Filters and pages that both lists of requests to join share.

use application::context::Context;
use application::problem::Problem;
use persistence::MembershipRequestFilter;
use roles::MembershipRequestId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::answer::Answer;
use web::paging::{List, Total};

use super::body::{MembershipRequestBody, MembershipRequestStatusKey, Reader};

/// Filters and paging of requests to join.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MembershipRequestsQuery {
    /// Only those with this status.
    status: Option<MembershipRequestStatusKey>,
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
    let page = list.page_of(|at| at.parse().ok().map(MembershipRequestId))?;
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

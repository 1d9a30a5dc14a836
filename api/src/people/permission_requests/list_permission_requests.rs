use actix_web::get;
use persistence::PermissionRequestFilter;
use roles::PermissionRequestId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::{PermissionRequestBody, is_reviewer};
use crate::organizations::orgs::OrgPath;

/// Filters and paging of permission requests.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PermissionRequestsQuery {
    /// Decided requests, or pending ones.
    is_decided: Option<bool>,
}

/// A page of permission requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct PermissionRequestPage {
    data: Vec<PermissionRequestBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists permission requests, latest first: all for reviewers, otherwise your own
#[utoipa::path(tag = "permission_requests", params(OrgPath, PermissionRequestsQuery, PageQuery),
    responses((status = 200, description = "A page of permission requests.", body = PermissionRequestPage)))]
#[get("/orgs/{org_id}/permission-requests")]
pub(super) async fn list_permission_requests(call: Call<OrgPath, PermissionRequestsQuery>) -> Reply {
    call.read(|ctx, input| {
        let query = &input.query;
        let page = input.meta.list.page_of(|at| at.parse().ok().map(PermissionRequestId))?;
        let is_reviewer = is_reviewer(ctx);
        let user = (!is_reviewer).then_some(ctx.caller.user_id);
        let filter = PermissionRequestFilter { user, is_decided: query.is_decided };
        let rows = ctx.tx.permission_requests(ctx.caller.org_id, filter, page)?;
        input.meta.list.page(
            &page,
            rows,
            |request| request.id.0.to_string(),
            |rows, next_cursor| {
                let data =
                    rows.iter().map(|request| PermissionRequestBody::of(request, is_reviewer)).collect();
                Ok(PermissionRequestPage { data, next_cursor, total: None })
            },
        )
    })
    .await
}

use actix_web::get;
use orgs::LocationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::LocationBody;
use crate::organizations::orgs::OrgPath;

/// Filters and paging of locations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LocationsQuery {
    /// Those in use, or those that are not.
    is_active: Option<bool>,
}

/// A page of locations.
#[derive(Serialize, ToSchema)]
pub(crate) struct LocationPage {
    data: Vec<LocationBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists locations in the order of their creation
#[utoipa::path(tag = "locations", params(OrgPath, LocationsQuery, PageQuery), extensions(("x-open-to-viewing-as" = json!(true))), responses((status = 200, description = "A page of locations.", body = LocationPage)))]
#[get("/orgs/{org_id}/locations")]
pub(super) async fn list_locations(call: Call<OrgPath, LocationsQuery>) -> Reply {
    call.read(|ctx, input| {
        let page = input.meta.list.page_of(|at| at.parse().ok().map(LocationId))?;
        let rows = ctx.tx.locations(ctx.caller.org_id).list(input.query.is_active, page)?;
        input.meta.list.page(
            &page,
            rows,
            |l| l.id.0.to_string(),
            |rows, next_cursor| {
                Ok(LocationPage {
                    data: rows.iter().map(LocationBody::from).collect(),
                    next_cursor,
                    total: None,
                })
            },
        )
    })
    .await
}

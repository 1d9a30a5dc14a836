use actix_web::get;
use orgs::OrgId;
use roles::PlatformPermission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::call::{AccountScope, Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::OrgBody;

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationPage {
    /// Organizations without their admins.
    data: Vec<OrgBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Filters and paging of organizations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrgsQuery {
    /// Part of the name or the slug, however it is written.
    #[param(min_length = 1, max_length = 120)]
    q: Option<String>,
}

/// Lists organizations: all for platform administrators, otherwise your own
///
/// A request scans up to 5,000 organizations in the order of the list. Where few of them match, a page may be shorter than
/// `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "orgs", params(OrgsQuery, PageQuery), responses((status = 200, description = "A page of organizations, oldest first.", body = OrganizationPage)))]
#[get("/orgs")]
pub(super) async fn list_orgs(call: Call<(), OrgsQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let page = input.meta.list.page_of(|at| at.parse().ok().map(OrgId))?;
        let of_member =
            (!ctx.caller.holds(PlatformPermission::ManageOrgs)).then(|| (ctx.caller.user_id(), ctx.now));
        let found = ctx.tx.orgs(of_member, input.query.q.as_deref(), page)?;
        let body =
            |rows: Vec<orgs::Organization>| rows.iter().map(|org| OrgBody::of(org, Vec::new())).collect();
        let scanned_until = found.scanned_until.map(|org| org.0.to_string());
        input.meta.list.page_until(
            &page,
            found.rows,
            scanned_until,
            |org| org.id.0.to_string(),
            |rows, next_cursor| Ok(OrganizationPage { data: body(rows), next_cursor, total: None }),
        )
    })
    .await
}

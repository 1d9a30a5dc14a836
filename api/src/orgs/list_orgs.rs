use actix_web::get;
use orgs::OrgId;
use roles::PlatformPermission;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::OrgBody;
use crate::call::{AccountScope, Call, Reply};
use crate::paging::{PageQuery, Total};

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationPage {
    /// Organizations without their admins.
    data: Vec<OrgBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists organizations: all for those who run the installation, else one's own
#[utoipa::path(tag = "orgs", params(PageQuery), responses((status = 200, description = "A page of them, in the order of their creation.", body = OrganizationPage)))]
#[get("/orgs")]
pub(super) async fn list_orgs(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |work, input| {
        let page = work.page_of(&input.query, |at| at.parse().ok().map(OrgId))?;
        let of_member = (!work.who.holds(PlatformPermission::ManageOrgs)).then(|| work.who.user_id());
        let rows = work.tx.orgs(of_member, page)?;
        let body =
            |rows: Vec<orgs::Organization>| rows.iter().map(|org| OrgBody::of(org, Vec::new())).collect();
        work.page(
            &page,
            rows,
            |org| org.id.0.to_string(),
            |rows, next_cursor| Ok(OrganizationPage { data: body(rows), next_cursor, total: None }),
        )
    })
    .await
}

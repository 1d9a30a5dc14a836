use actix_web::get;
use persistence::MembershipRequestFilter;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::Reader;
use super::list::{MembershipRequestPage, MembershipRequestsQuery, list_requests_to_join};
use crate::organizations::orgs::OrgPath;

/// Lists requests to join an organization, latest first
#[utoipa::path(tag = "membership_requests", params(OrgPath, MembershipRequestsQuery, PageQuery), extensions(("x-required-permission" = json!("decide_membership_requests"))),
    responses((status = 200, description = "A page of requests to join.", body = MembershipRequestPage)))]
#[get("/orgs/{org_id}/membership-requests")]
pub(super) async fn list_membership_requests(call: Call<OrgPath, MembershipRequestsQuery>) -> Reply {
    call.read(|ctx, input| {
        let here = MembershipRequestFilter { org: Some(ctx.caller.org_id), ..Default::default() };
        list_requests_to_join(ctx, &input.meta.list, here, &input.query, Reader::Reviewer(ctx.caller.user_id))
    })
    .await
}

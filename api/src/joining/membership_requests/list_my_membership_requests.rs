use actix_web::get;
use persistence::MembershipRequestFilter;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::Reader;
use super::list::{MembershipRequestPage, MembershipRequestsQuery, list_requests_to_join};

/// Lists your requests to join, latest first
#[utoipa::path(tag = "membership_requests", params(MembershipRequestsQuery, PageQuery), responses((status = 200, description = "A page of requests to join.", body = MembershipRequestPage)))]
#[get("/me/membership-requests")]
pub(super) async fn list_my_membership_requests(call: Call<(), MembershipRequestsQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let own = MembershipRequestFilter { user: Some(ctx.caller.user_id()), ..Default::default() };
        list_requests_to_join(ctx, &input.meta.list, own, &input.query, Reader::Requester)
    })
    .await
}

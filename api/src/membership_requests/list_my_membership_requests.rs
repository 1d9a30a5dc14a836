use actix_web::get;
use persistence::MembershipRequestFilter;

use super::body::Reader;
use super::list::{MembershipRequestPage, MembershipRequestsQuery};
use crate::call::{AccountScope, Call, Reply};

/// Lists your requests to join, latest first
#[utoipa::path(tag = "membership_requests", params(MembershipRequestsQuery), responses((status = 200, description = "A page of them.", body = MembershipRequestPage)))]
#[get("/me/membership-requests")]
pub(super) async fn list_my_membership_requests(call: Call<(), MembershipRequestsQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let own = MembershipRequestFilter { user: Some(ctx.caller.user_id()), ..Default::default() };
        ctx.list_requests_to_join(own, &input.query, Reader::Requester)
    })
    .await
}

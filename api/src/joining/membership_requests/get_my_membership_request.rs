use actix_web::get;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::{MembershipRequestBody, MyMembershipRequestPath, Reader, find_my_membership_request};

/// Reads your request to join
#[utoipa::path(tag = "membership_requests", params(MyMembershipRequestPath), responses((status = 200, description = "The request and the decision on it.", body = MembershipRequestBody)))]
#[get("/me/membership-requests/{membership_request_id}")]
pub(super) async fn get_my_membership_request(call: Call<MyMembershipRequestPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let named = find_my_membership_request(ctx, input.path.membership_request_id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Requester))
    })
    .await
}

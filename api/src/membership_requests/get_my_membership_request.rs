use actix_web::get;

use super::body::{MembershipRequestBody, MyMembershipRequestPath, Reader};
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};

/// Reads your request to join
#[utoipa::path(tag = "membership_requests", params(MyMembershipRequestPath), responses((status = 200, description = "The request, and what was decided.", body = MembershipRequestBody)))]
#[get("/me/membership-requests/{membership_request_id}")]
pub(super) async fn get_my_membership_request(call: Call<MyMembershipRequestPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let named = ctx.my_membership_request(input.path.membership_request_id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Requester))
    })
    .await
}

use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::{MembershipRequestBody, MembershipRequestPath, Reader, find_membership_request};

/// Reads a request to join an organization
#[utoipa::path(tag = "membership_requests", params(MembershipRequestPath), extensions(("x-required-permission" = json!("decide_membership_requests"))),
    responses((status = 200, description = "The request and the decision on it.", body = MembershipRequestBody)))]
#[get("/orgs/{org_id}/membership-requests/{membership_request_id}")]
pub(super) async fn get_membership_request(call: Call<MembershipRequestPath>) -> Reply {
    call.read(|ctx, input| {
        let named = find_membership_request(ctx, input.path.membership_request_id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Reviewer(ctx.caller.user_id)))
    })
    .await
}

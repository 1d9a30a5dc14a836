use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{
    MembershipRequestBody, MembershipRequestPath, Reader, find_membership_request, save_decision,
};

/// Why the request to join is denied.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reason": "We are full until spring."}))]
pub(crate) struct DenyMembershipRequest {
    /// The person reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    reason: String,
}

/// Denies a request to join
///
/// The person is notified of the reason by mail, and may appeal once. You cannot decide on an appeal of your own denial.
/// Returns 409 if the request was decided.
#[utoipa::path(tag = "membership_requests", params(MembershipRequestPath, IdempotencyKey), request_body = DenyMembershipRequest,
    extensions(("x-required-permission" = json!("decide_membership_requests")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The denied request.", body = MembershipRequestBody)))]
#[post("/orgs/{org_id}/membership-requests/{membership_request_id}/deny")]
pub(super) async fn deny_membership_request(
    call: Call<MembershipRequestPath, (), DenyMembershipRequest>,
) -> Reply {
    call.write(|ctx, input| {
        let id = input.path.membership_request_id;
        let request = find_membership_request(ctx, id)?.request;
        let (decided, event) = request.deny(&ctx.caller, input.body.reason.clone(), ctx.now)?;
        save_decision(ctx, &decided)?;
        ctx.record(event);
        let named = find_membership_request(ctx, id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Reviewer(ctx.caller.user_id)))
    })
    .await
}

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{MembershipRequestBody, MembershipRequestPath, Reader};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;

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
/// The person is notified of the reason by mail, and may appeal once. You cannot decide on an appeal of your own denial; a request that was
/// decided is 409.
#[utoipa::path(tag = "membership_requests", params(MembershipRequestPath, IdempotencyKey), request_body = DenyMembershipRequest,
    extensions(("x-required-permission" = json!("decide_membership_requests"))),
    responses((status = 200, description = "The request as it was decided.", body = MembershipRequestBody)))]
#[post("/orgs/{org_id}/membership-requests/{membership_request_id}/deny")]
pub(super) async fn deny_membership_request(
    call: Call<MembershipRequestPath, (), DenyMembershipRequest>,
) -> Reply {
    call.write(|ctx, input| {
        let id = input.path.membership_request_id;
        let request = ctx.membership_request(id)?.request;
        let (decided, event) = request.deny(&ctx.caller, input.body.reason.clone(), ctx.now)?;
        ctx.save_decision(&decided)?;
        ctx.record(event);
        let named = ctx.membership_request(id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Reviewer(ctx.caller.user_id)))
    })
    .await
}

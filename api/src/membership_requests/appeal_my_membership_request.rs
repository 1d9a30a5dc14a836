use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{MembershipRequestBody, MyMembershipRequestPath, Reader};
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;

/// Why somebody does not accept a refusal.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"text": "I help out at your Saturday group since May."}))]
pub(crate) struct AppealMembershipRequest {
    /// What you say to it; reviewers read it.
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// Appeals the refusal of a request to join
///
/// Once, and somebody else than the one who denied it decides.
#[utoipa::path(tag = "membership_requests", params(MyMembershipRequestPath, IdempotencyKey), request_body = AppealMembershipRequest,
    responses((status = 200, description = "The request, waiting again.", body = MembershipRequestBody)))]
#[post("/me/membership-requests/{membership_request_id}/appeal")]
pub(super) async fn appeal_my_membership_request(
    call: Call<MyMembershipRequestPath, (), AppealMembershipRequest>,
) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let id = input.path.membership_request_id;
        let request = work.my_membership_request(id)?.request;
        let (appealed, event) = request.appeal(input.body.text.clone(), work.now)?;
        work.tx.save_membership_request(&appealed)?;
        work.tx.enter(appealed.org_id)?;
        work.record_in(appealed.org_id, appealed.user_id, event);
        let named = work.my_membership_request(id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Requester))
    })
    .await
}

use actix_web::delete;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::{MyMembershipRequestPath, find_my_membership_request};

/// Withdraws your request to join
///
/// Only a request that is not decided can be withdrawn.
#[utoipa::path(tag = "membership_requests", params(MyMembershipRequestPath), extensions(("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 204, description = "The request is withdrawn.")))]
#[delete("/me/membership-requests/{membership_request_id}")]
pub(super) async fn delete_my_membership_request(call: Call<MyMembershipRequestPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let request = find_my_membership_request(ctx, input.path.membership_request_id)?.request;
        let event = request.withdraw()?;
        ctx.tx.remove_membership_request(&request)?;
        ctx.tx.enter(request.org_id)?;
        ctx.record_in(request.org_id, request.user_id, event);
        Ok(Answer::no_content())
    })
    .await
}

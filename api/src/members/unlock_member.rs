use actix_web::post;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Unlocks a member after too many failed log-ins
///
/// The count of failures starts anew. An account that does not wait is 409.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("unlock_members"))),
    responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/unlock")]
pub(super) async fn unlock_member(call: Call<MemberPath, (), WithReason>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.unlock_account(&managed, &input.body.reason)?;
        ctx.show_member(input.path.user_id())
    })
    .await
}

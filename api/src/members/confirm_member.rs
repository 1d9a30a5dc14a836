use actix_web::post;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Activates a member's account manually
///
/// For people who do not receive the mail. The address stays unproved. An account that is active already is 409. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("confirm_members"))),
    responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/confirm")]
pub(super) async fn confirm_member(call: Call<MemberPath, (), WithReason>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.confirm_account(&managed, &input.body.reason)?;
        ctx.show_member(input.path.user_id())
    })
    .await
}

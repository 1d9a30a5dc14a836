use actix_web::post;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Activates a member's account manually
///
/// For people who do not get the mail. The address stays unproved. An account that is active already is 409. Only for an account that is the organization's alone, else 409 `account_shared`.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
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

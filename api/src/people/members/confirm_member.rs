use actix_web::post;
use application::accounts::confirmation::confirm_account;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{MemberBody, MemberPath, show_member};
use crate::people::reason::ReasonBody;

/// Activates a member's account manually
///
/// For people who do not receive the mail. The address stays unproved. Returns 409 if the account is active. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("confirm_members")),
        ("x-problem-codes" = json!(["account_shared", "invalid_transition", "membership_unclaimed"]))),
    responses((status = 200, description = "The updated member.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/confirm")]
pub(super) async fn confirm_member(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        confirm_account(ctx, &managed, &input.body.reason)?;
        show_member(ctx, input.path.user_id())
    })
    .await
}

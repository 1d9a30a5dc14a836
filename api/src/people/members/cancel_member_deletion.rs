use actix_web::post;
use application::accounts::deletion::cancel_deletion;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{MemberBody, MemberPath, show_member};
use crate::people::reason::ReasonBody;

/// Cancels the scheduled deletion of a member's account
///
/// It returns to the status before the deletion was scheduled. Returns 409 after the grace period. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("delete_member_accounts")),
        ("x-problem-codes" = json!(["membership_unclaimed", "invalid_transition", "account_shared"]))),
    responses((status = 200, description = "The updated member.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/cancel-deletion")]
pub(super) async fn cancel_member_deletion(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        cancel_deletion(ctx, &managed, &input.body.reason)?;
        show_member(ctx, input.path.user_id())
    })
    .await
}

use actix_web::post;
use application::accounts::log_in_help::unlock_account;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{MemberBody, MemberPath, show_member};
use crate::people::reason::ReasonBody;

/// Unlocks a member after too many failed log-ins
///
/// The count of failures is reset. Returns 409 if the account is not locked.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("unlock_members")),
        ("x-problem-codes" = json!(["account_shared", "conflict", "membership_unclaimed"]))),
    responses((status = 200, description = "The updated member.", body = MemberBody)))]
#[post("/orgs/{org_id}/members/{user_id}/unlock")]
pub(super) async fn unlock_member(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        unlock_account(ctx, &managed, &input.body.reason)?;
        show_member(ctx, input.path.user_id())
    })
    .await
}

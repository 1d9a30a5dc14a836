use actix_web::post;
use application::accounts::log_in_help::reactivate_account;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{UserBody, UserPath, show_user};
use crate::people::reason::ReasonBody;

/// Reactivates a suspended account
///
/// The person is notified. Only a suspended account can be reactivated.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("suspend_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated account.", body = UserBody)))]
#[post("/users/{user_id}/reactivate")]
pub(super) async fn reactivate_user(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let managed = reactivate_account(ctx, &managed, &input.body.reason)?;
        show_user(ctx, &managed)
    })
    .await
}

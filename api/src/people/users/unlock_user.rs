use actix_web::post;
use application::accounts::log_in_help::unlock_account;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{UserBody, UserPath, show_user};
use crate::people::reason::ReasonBody;

/// Unlocks an account after too many failed log-ins
///
/// The count of failures is reset. Returns 409 if the account is not locked.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("unlock_users")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 200, description = "The updated account.", body = UserBody)))]
#[post("/users/{user_id}/unlock")]
pub(super) async fn unlock_user(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let managed = unlock_account(ctx, &managed, &input.body.reason)?;
        show_user(ctx, &managed)
    })
    .await
}

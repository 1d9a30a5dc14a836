use actix_web::post;
use application::accounts::deletion::cancel_deletion;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{UserBody, UserPath, show_user};
use crate::people::reason::ReasonBody;

/// Cancels the scheduled deletion of an account
///
/// It returns to the status before the deletion was scheduled. Returns 409 after the grace period.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("delete_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated account.", body = UserBody)))]
#[post("/users/{user_id}/cancel-deletion")]
pub(super) async fn cancel_user_deletion(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let managed = cancel_deletion(ctx, &managed, &input.body.reason)?;
        show_user(ctx, &managed)
    })
    .await
}

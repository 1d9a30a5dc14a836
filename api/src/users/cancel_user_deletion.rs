use actix_web::post;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Cancels the scheduled deletion of an account
///
/// It returns to the status before the deletion was scheduled. After the grace period this is 409.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("delete_users"))),
    responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[post("/users/{user_id}/cancel-deletion")]
pub(super) async fn cancel_user_deletion(call: Call<UserPath, (), WithReason>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let managed = ctx.cancel_deletion(&managed, &input.body.reason)?;
        ctx.show_user(&managed)
    })
    .await
}

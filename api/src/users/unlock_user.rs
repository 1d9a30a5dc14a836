use actix_web::post;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Unlocks an account after too many failed log-ins
///
/// The count of failures starts anew. An account that does not wait is 409.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("unlock_users"))),
    responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[post("/users/{user_id}/unlock")]
pub(super) async fn unlock_user(call: Call<UserPath, (), WithReason>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let managed = ctx.unlock_account(&managed, &input.body.reason)?;
        ctx.show_user(&managed)
    })
    .await
}

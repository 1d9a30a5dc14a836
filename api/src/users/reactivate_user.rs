use actix_web::post;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Reactivates a suspended account
///
/// The person is notified. Only a suspended account can be reactivated.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("suspend_users"))),
    responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[post("/users/{user_id}/reactivate")]
pub(super) async fn reactivate_user(call: Call<UserPath, (), WithReason>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let managed = ctx.reactivate_account(&managed, &input.body.reason)?;
        ctx.show_user(&managed)
    })
    .await
}

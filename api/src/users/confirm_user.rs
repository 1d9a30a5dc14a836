use actix_web::post;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::WithReason;

/// Confirms the address of an account manually
///
/// For people who do not get the mail. The account is active and its address proved afterwards, also where an active account
/// only lacked the proof. People who may approve critical changes are only activated: they prove their address themselves.
/// Returns 409 if nothing is left to confirm.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = WithReason, extensions(("x-required-permission" = json!("confirm_users"))),
    responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[post("/users/{user_id}/confirm")]
pub(super) async fn confirm_user(call: Call<UserPath, (), WithReason>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let managed = ctx.confirm_account(&managed, &input.body.reason)?;
        ctx.show_user(&managed)
    })
    .await
}

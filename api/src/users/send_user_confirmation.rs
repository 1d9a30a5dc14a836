use actix_web::post;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;

/// Mails the confirmation or set-up link again
///
/// The mailed link before it stops working; one that staff fetched works on. An account that is confirmed already is 409; a second link within two minutes is 429.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), extensions(("x-required-permission" = json!("confirm_users"))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/users/{user_id}/send-confirmation")]
pub(super) async fn send_user_confirmation(call: Call<UserPath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.send_confirmation(&managed)?;
        Ok(Answer::no_content())
    })
    .await
}

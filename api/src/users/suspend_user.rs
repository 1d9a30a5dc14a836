use actix_web::post;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::Suspend;

/// Suspends an account on the whole platform
///
/// All sessions end, and it takes effect at the person's next request. With `until` it ends by itself. An organization suspends
/// with `suspend_member`. The last owner of an organization who can log in can't be suspended.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = Suspend, extensions(("x-required-permission" = json!("suspend_users"))),
    responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[post("/users/{user_id}/suspend")]
pub(super) async fn suspend_user(call: Call<UserPath, (), Suspend>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let managed = ctx.suspend_account(&managed, &input.body)?;
        ctx.show_user(&managed)
    })
    .await
}

use actix_web::post;
use application::accounts::log_in_help::suspend_account;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{UserBody, UserPath, show_user};
use crate::people::reason::SuspensionRequest;

/// Suspends an account on the whole platform
///
/// All sessions end, and it takes effect at the person's next request. With `until` it ends by itself. An organization suspends
/// with `suspend_member`. The last owner of an organization who can log in can't be suspended.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = SuspensionRequest, extensions(("x-required-permission" = json!("suspend_users")),
        ("x-problem-codes" = json!(["invalid_transition", "last_owner", "rule_violated"]))),
    responses((status = 200, description = "The updated account.", body = UserBody)))]
#[post("/users/{user_id}/suspend")]
pub(super) async fn suspend_user(call: Call<UserPath, (), SuspensionRequest>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let now = ctx.now;
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let managed =
            suspend_account(ctx, &managed, || input.body.suspension(now), input.body.is_notified())?;
        show_user(ctx, &managed)
    })
    .await
}

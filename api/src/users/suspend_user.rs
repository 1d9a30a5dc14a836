use actix_web::post;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::people::Suspend;

/// Suspends an account in the whole installation
///
/// All sessions end, and it counts at the person's next request. With `until` it lifts by itself. An organization suspends
/// with `suspend_member`. The last owner of an organization who can log in can't be suspended.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = Suspend, extensions(("x-required-permission" = json!("suspend_users"))),
    responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[post("/users/{user_id}/suspend")]
pub(super) async fn suspend_user(call: Call<UserPath, (), Suspend>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        let case = work.suspend_account(&case, &input.body)?;
        work.show_user(&case)
    })
    .await
}

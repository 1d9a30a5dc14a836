use actix_web::get;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfNoneMatch;
use crate::people::{AccessKind, PurposeQuery};

/// Reads an account
///
/// Reading is recorded once a day per purpose, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery, IfNoneMatch), extensions(("x-required-permission" = json!("view_users"))), responses(
    (status = 200, description = "The account.", body = UserBody),
    (status = 304, description = "You have it already."),
))]
#[get("/users/{user_id}")]
pub(super) async fn get_user(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.record_people_shown(
            None,
            AccessKind::Account,
            input.query.purpose.as_deref(),
            &[managed.account.id],
        )?;
        ctx.show_user(&managed)
    })
    .await
}

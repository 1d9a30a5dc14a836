use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{UserBody, UserPath, show_user};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_people_shown};

/// Reads an account
///
/// Reading is recorded once a day per purpose, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery, IfNoneMatch), extensions(("x-required-permission" = json!("view_users"))), responses(
    (status = 200, description = "The account.", body = UserBody),
    (status = 304, description = "Not modified."),
))]
#[get("/users/{user_id}")]
pub(super) async fn get_user(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        record_people_shown(
            ctx,
            None,
            AccessKind::Account,
            input.query.purpose.as_deref(),
            &[managed.account.id],
        )?;
        show_user(ctx, &managed)
    })
    .await
}

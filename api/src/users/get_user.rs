use actix_web::get;

use super::body::{UserBody, UserPath};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfNoneMatch;
use crate::people::{Look, PurposeQuery};

/// Reads an account
///
/// That somebody looked is kept once a day for each purpose, for the person to see.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery, IfNoneMatch), extensions(("x-required-permission" = json!("view_users"))), responses(
    (status = 200, description = "The account.", body = UserBody),
    (status = 304, description = "You have it already."),
))]
#[get("/users/{user_id}")]
pub(super) async fn get_user(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        work.note_shown(None, Look::Account, input.query.purpose.as_deref(), &[case.account.id])?;
        work.show_user(&case)
    })
    .await
}

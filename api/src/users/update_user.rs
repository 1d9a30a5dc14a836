use actix_web::patch;

use super::body::{UserBody, UserPath, audience};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfMatch;
use crate::people::CorrectAccount;

/// Corrects an account
///
/// Password, consents and history are nobody's to edit. The person confirms another address with the mailed link, logged in;
/// asking for it alone takes their vote on critical changes.
#[utoipa::path(tag = "users", params(UserPath, IfMatch), request_body(content = CorrectAccount, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("edit_users"))), responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[patch("/users/{user_id}")]
pub(super) async fn update_user(call: Call<UserPath, (), CorrectAccount>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        let shown = work.user_body(&case)?;
        work.require_match(case.account.version, &audience(&shown))?;
        let may_redirect = work.who.holds(roles::PlatformPermission::SetTemporaryUserPasswords);
        let case = work.correct_account(&case, &input.body, may_redirect)?;
        work.show_user(&case)
    })
    .await
}

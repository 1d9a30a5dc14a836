use actix_web::patch;

use super::body::{UserBody, UserPath, audience};
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfMatch;
use crate::people::CorrectAccount;

/// Changes an account's details
///
/// Password, consents and history cannot be edited. The person confirms another address with the mailed link, logged in;
/// asking for it alone takes their vote on critical changes.
#[utoipa::path(tag = "users", params(UserPath, IfMatch), request_body(content = CorrectAccount, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("edit_users"))), responses((status = 200, description = "The account as it is now.", body = UserBody)))]
#[patch("/users/{user_id}")]
pub(super) async fn update_user(call: Call<UserPath, (), CorrectAccount>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let shown = ctx.user_body(&managed)?;
        ctx.require_match(managed.account.version, &audience(&shown))?;
        let may_redirect = ctx.caller.holds(roles::PlatformPermission::SetTemporaryUserPasswords);
        let managed = ctx.correct_account(&managed, &input.body, may_redirect)?;
        ctx.show_user(&managed)
    })
    .await
}

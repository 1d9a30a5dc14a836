use crate::people::correct_account::CorrectAccount;
use actix_web::patch;
use application::accounts::corrections::correct_account;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{UserBody, UserPath, audience, show_user, to_user_body};

/// Changes an account's details
///
/// Password, consents and history cannot be edited. The person confirms another address with the mailed link, logged in;
/// asking for it alone takes their vote on critical changes.
#[utoipa::path(tag = "users", params(UserPath, IfMatch), request_body(content = CorrectAccount, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("edit_users")),
        ("x-problem-codes" = json!(["already_exists", "invalid_transition", "rule_violated"]))), responses((status = 200, description = "The updated account.", body = UserBody)))]
#[patch("/users/{user_id}")]
pub(super) async fn update_user(call: Call<UserPath, (), CorrectAccount>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let shown = to_user_body(ctx, &managed)?;
        input.meta.require_match(managed.account.version, &audience(&shown))?;
        let may_redirect = ctx.caller.holds(roles::PlatformPermission::SetTemporaryUserPasswords);
        let managed = correct_account(ctx, &managed, || input.body.correction(), may_redirect)?;
        show_user(ctx, &managed)
    })
    .await
}

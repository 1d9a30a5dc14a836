use crate::people::temporary_password::TemporaryPassword;
use actix_web::post;
use application::accounts::log_in_help::{new_temporary_password, set_temporary_password};
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;
use crate::people::reason::ReasonBody;

/// Sets a temporary password for a person
///
/// For people without access to their mail. A link (`send_user_password_reset`) is the better way. It works for one log-in within
/// 24 hours, and that session can only change the password. All sessions end, and the person is notified.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "users", params(UserPath), request_body = ReasonBody, extensions(("x-required-permission" = json!("set_temporary_user_passwords")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The temporary password, shown only here.", body = TemporaryPassword)))]
#[post("/users/{user_id}/set-temporary-password")]
pub(super) async fn set_user_temporary_password(call: Call<UserPath, (), ReasonBody>) -> Reply {
    let call = call.signed_in().await?;
    let password = new_temporary_password()?;
    let hash = call.app.passwords.enter()?.hash(password.clone()).await?;
    call.write_account(AccountScope::Platform, move |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let expires_at = set_temporary_password(ctx, &managed, &input.body.reason, &hash)?;
        Answer::ok(&TemporaryPassword::new(password.clone(), expires_at))
    })
    .await
}

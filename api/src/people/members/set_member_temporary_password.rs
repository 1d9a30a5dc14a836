use crate::people::temporary_password::TemporaryPassword;
use actix_web::post;
use application::accounts::log_in_help::{new_temporary_password, set_temporary_password};
use application::accounts::managed_account::managed_account_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::people::reason::ReasonBody;

/// Sets a temporary password for a member
///
/// For people without access to their mail. A link (`send_member_password_reset`) is the better way. It works for one log-in
/// within 24 hours, and that session may do nothing before the password is changed. All sessions end, and the person is
/// notified. Returns 409 `account_shared` unless the account is managed by this organization alone.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "members", params(MemberPath), request_body = ReasonBody, extensions(("x-required-permission" = json!("set_temporary_passwords")),
        ("x-problem-codes" = json!(["membership_unclaimed", "invalid_transition", "account_shared"]))),
    responses((status = 200, description = "The temporary password, shown only here.", body = TemporaryPassword)))]
#[post("/orgs/{org_id}/members/{user_id}/set-temporary-password")]
pub(super) async fn set_member_temporary_password(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    let call = call.checked().await?;
    let password = new_temporary_password()?;
    let hash = call.app.passwords.enter()?.hash(password.clone()).await?;
    call.write(move |ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        let expires_at = set_temporary_password(ctx, &managed, &input.body.reason, &hash)?;
        Answer::ok(&TemporaryPassword::new(password.clone(), expires_at))
    })
    .await
}

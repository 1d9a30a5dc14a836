use actix_web::post;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{TemporaryPassword, WithReason, new_temporary_password};

/// Sets a temporary password for a member
///
/// For whoever can't get at the mail; a link (`send_member_password_reset`) is the better way. It works for one log-in
/// within 24 hours, and that session may do nothing before the password is changed. All sessions end, and the person is
/// told. Only for an account that is the organization's alone, else 409 `account_shared`.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
/// Afterwards the address is no longer proved, and the account cannot approve critical changes (`list_org_approvers`).
#[utoipa::path(tag = "members", params(MemberPath), request_body = WithReason, extensions(("x-required-permission" = json!("set_temporary_passwords"))),
    responses((status = 200, description = "The password, shown only here.", body = TemporaryPassword)))]
#[post("/orgs/{org_id}/members/{user_id}/set-temporary-password")]
pub(super) async fn set_member_temporary_password(call: Call<MemberPath, (), WithReason>) -> Reply {
    let call = call.checked().await?;
    let password = new_temporary_password()?;
    let hash = call.app.passwords.enter()?.hash(password.clone()).await?;
    call.write(move |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        Answer::ok(&ctx.set_temporary_password(&managed, &input.body.reason, &password, &hash)?)
    })
    .await
}
